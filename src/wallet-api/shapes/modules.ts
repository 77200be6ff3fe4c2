import { z } from '@hono/zod-openapi';
import { image, uri } from './media.ts';
import { flag, int32, message, text, uriText } from './scalars.ts';
import { localizedString } from './text.ts';
import { timeInterval } from './time.ts';

const textModule = message('TextModuleData', {
  id: text,
  header: text,
  body: text,
  localizedHeader: localizedString,
  localizedBody: localizedString,
});

const imageModule = message('ImageModuleData', { id: text, mainImage: image });

const labelValue = message('LabelValue', {
  label: text,
  value: text,
  localizedLabel: localizedString,
  localizedValue: localizedString,
});

const labelValueRow = message('LabelValueRow', { columns: z.array(labelValue) });

export const infoModuleData = message('InfoModuleData', {
  labelValueRows: z.array(labelValueRow),
  showLastUpdateTime: flag,
});

const valueAddedModule = message('ValueAddedModuleData', {
  header: localizedString,
  body: localizedString,
  image,
  uri: uriText,
  sortIndex: int32,
  viewConstraints: message('ModuleViewConstraints', { displayInterval: timeInterval }),
});

export const textModulesData = z.array(textModule);
export const imageModulesData = z.array(imageModule);
export const linksModuleData = message('LinksModuleData', { uris: z.array(uri) });
export const valueAddedModuleData = z.array(valueAddedModule).max(15);
