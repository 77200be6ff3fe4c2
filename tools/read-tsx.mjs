import swc from '@swc/core';

// dependency-cruiser asks its parser for TypeScript without JSX; pages are written with it.
const { parseFileSync } = swc;
swc.parseFileSync = (file, options) =>
  parseFileSync(file, { ...options, tsx: file.endsWith('.tsx') });
