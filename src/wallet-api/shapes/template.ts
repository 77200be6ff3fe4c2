import { z } from '@hono/zod-openapi';
import { message, text, wireEnum } from './scalars.ts';

const fieldReference = message('FieldReference', {
  fieldPath: text,
  dateFormat: wireEnum([
    'DATE_FORMAT_UNSPECIFIED',
    'DATE_TIME',
    'DATE_ONLY',
    'TIME_ONLY',
    'DATE_TIME_YEAR',
    'DATE_YEAR',
    'YEAR_MONTH',
    'YEAR_MONTH_DAY',
  ]),
});

const fieldSelector = message('FieldSelector', { fields: z.array(fieldReference) });

const templateItem = message('TemplateItem', {
  firstValue: fieldSelector,
  secondValue: fieldSelector,
  predefinedItem: wireEnum([
    'PREDEFINED_ITEM_UNSPECIFIED',
    'FREQUENT_FLYER_PROGRAM_NAME_AND_NUMBER',
    'FLIGHT_NUMBER_AND_OPERATING_FLIGHT_NUMBER',
  ]),
});

const barcodeSectionDetail = message('BarcodeSectionDetail', { fieldSelector });

const cardBarcodeSectionDetails = message('CardBarcodeSectionDetails', {
  firstTopDetail: barcodeSectionDetail,
  secondTopDetail: barcodeSectionDetail,
  firstBottomDetail: barcodeSectionDetail,
});

const cardRow = message('CardRowTemplateInfo', {
  oneItem: message('CardRowOneItem', { item: templateItem }),
  twoItems: message('CardRowTwoItems', { startItem: templateItem, endItem: templateItem }),
  threeItems: message('CardRowThreeItems', {
    startItem: templateItem,
    middleItem: templateItem,
    endItem: templateItem,
  }),
});

const firstRowOption = message('FirstRowOption', {
  fieldOption: fieldSelector,
  transitOption: wireEnum([
    'TRANSIT_OPTION_UNSPECIFIED',
    'ORIGIN_AND_DESTINATION_NAMES',
    'ORIGIN_AND_DESTINATION_CODES',
    'ORIGIN_NAME',
  ]),
});

/** How the fields of a class are laid out on the pass. */
export const classTemplateInfo = message('ClassTemplateInfo', {
  cardBarcodeSectionDetails,
  cardTemplateOverride: message('CardTemplateOverride', {
    cardRowTemplateInfos: z.array(cardRow),
  }),
  detailsTemplateOverride: message('DetailsTemplateOverride', {
    detailsItemInfos: z.array(message('DetailsItemInfo', { item: templateItem })),
  }),
  listTemplateOverride: message('ListTemplateOverride', {
    firstRowOption,
    secondRowOption: fieldSelector,
    thirdRowOption: fieldSelector,
  }),
});
