import { kind, message, text, uriText } from './scalars.ts';
import { localizedString } from './text.ts';

export const uri = message('Uri', {
  kind,
  uri: uriText,
  id: text,
  description: text,
  localizedDescription: localizedString,
});

const imageUri = message('ImageUri', {
  uri: uriText,
  description: text,
  localizedDescription: localizedString,
});

export const image = message('Image', {
  kind,
  sourceUri: imageUri,
  privateImageId: text,
  contentDescription: localizedString,
});
