import { defineConfig } from 'drizzle-kit';

// `npm run migration -- --name what-changes` writes the next file from the slices' tables.
export default defineConfig({
  dialect: 'postgresql',
  schema: './src/*/tables.ts',
  out: './drizzle',
});
