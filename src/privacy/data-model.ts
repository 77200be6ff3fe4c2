/** Whose data an export or an erasure is about: a member, with those that were merged into it. */
export interface Person {
  readonly members: readonly string[];
  readonly wallets: readonly string[];
  readonly devices: readonly string[];
}

/**
 * What a table knows of members. Each of its columns stands in one of the lists, so that a new one
 * makes somebody think where it belongs.
 */
export interface TableData {
  /** The rows of a person, whose ids are the JSON in `$1`; null for a table about nobody. */
  readonly rowsOf: string | null;
  /** What says something of the person: exported, and gone with the member. */
  readonly personal?: string;
  /** The same, encrypted: exported as what it says, under this name. */
  readonly sealed?: Readonly<Record<string, string>>;
  /** What leads to the person: exported, and leads to nobody afterwards. */
  readonly links?: string;
  /** What is of use only to who must not have it: hashes, marks and keys. */
  readonly secret?: string;
  /** What happened: exported, and kept for the books. */
  readonly facts?: string;
}

const among = (list: keyof Person) => `(select json_array_elements_text($1::json -> '${list}'))`;
const OWN_COUPONS = `(select id from coupons where wallet_id in ${among('wallets')})`;
const OWN_NOTICES = `(select id from notices
    where kind = 'coupon-expiring' and subject in ${OWN_COUPONS})`;
const BY_WALLET = `wallet_id in ${among('wallets')}`;
const BY_MEMBER = `member_id in ${among('members')}`;
const BY_DEVICE = `device_id in ${among('devices')}`;

const OF_MEMBERS: Readonly<Record<string, TableData>> = {
  members: {
    rowsOf: `id in ${among('members')}`,
    personal: 'language',
    sealed: { phone_sealed: 'phone' },
    links: 'id wallet_id merged_into',
    secret: 'phone_mark',
    facts: 'erased_at created_at',
  },
  member_devices: {
    rowsOf: BY_MEMBER,
    links: 'id member_id',
    secret: 'secret_sha256',
    facts: 'created_at seen_at ended_at',
  },
  join_codes: {
    rowsOf: `(${BY_DEVICE} or phone_mark in
      (select phone_mark from members where id in ${among('members')}))`,
    sealed: { phone_sealed: 'phone' },
    links: 'id device_id',
    secret: 'phone_mark code_mark',
    facts: 'tries expires_at used_at created_at',
  },
  sign_ins: {
    rowsOf: BY_DEVICE,
    links: 'device_id',
    secret: 'state_sha256 sealed',
    facts: 'return_to expires_at',
  },
  member_identities: {
    rowsOf: BY_MEMBER,
    personal: 'subject',
    links: 'member_id',
    facts: 'provider created_at',
  },
  memberships: {
    rowsOf: BY_MEMBER,
    personal: 'number external_id',
    links: 'member_id object_id',
    secret: 'imported_mark',
    facts: 'issuer_id joined_at',
  },
  wallets: {
    rowsOf: `id in ${among('wallets')}`,
    personal: 'display_name external_id email',
    links: 'id',
    secret: 'pairwise_secret',
    facts: 'issuer_id plus created_at',
  },
  wallet_passes: {
    rowsOf: BY_WALLET,
    links: 'wallet_id object_id',
    facts: 'sole_holder added_at',
  },
  pass_objects: {
    rowsOf: `id in (select object_id from wallet_passes where ${BY_WALLET}
                    union all select object_id from memberships where ${BY_MEMBER})`,
    personal: 'body redemption_value',
    links: 'id',
    facts: 'issuer_id class_id vertical state valid_from valid_until version created_at updated_at',
  },
};

const OF_WALLETS: Readonly<Record<string, TableData>> = {
  claims: {
    rowsOf: BY_WALLET,
    links: 'id wallet_id tap_id actor coupon_id',
    facts: 'seq class_id lane request_id status refusal created_at decided_at',
  },
  class_members: {
    rowsOf: BY_WALLET,
    links: 'wallet_id',
    facts: 'class_id claimed member_limit',
  },
  class_member_periods: {
    rowsOf: BY_WALLET,
    links: 'wallet_id',
    facts: 'class_id period start claimed member_limit',
  },
  coupons: {
    rowsOf: BY_WALLET,
    links: 'id wallet_id code lineage_id cloned_from cloned_by transferred_from',
    facts:
      'issuer_id class_id status available_at expires_at generation max_clones voided_by ' +
      'reserved_minor notice_due_at noticed_at issued_at',
  },
  redemptions: {
    rowsOf: `coupon_id in ${OWN_COUPONS}`,
    links: 'id coupon_id basket_id',
    facts:
      'class_id issuer_id redemption_issuer_id collector_id terminal_id store_id state held_until ' +
      'order order_total_minor discount_minor payable_minor redeemed_at reversal_id reversed_at',
  },
  transfers: {
    rowsOf: `(coupon_id in ${OWN_COUPONS} or to_wallet_id in ${among('wallets')})`,
    links: 'id coupon_id to_wallet_id new_coupon_id',
    secret: 'token_sha256',
    facts: 'created_at expires_at revoked_at accepted_at',
  },
  bulk_issue_items: {
    rowsOf: BY_WALLET,
    links: 'wallet_id claim_id',
    facts: 'bulk_id position refusal',
  },
  notices: {
    rowsOf: `id in ${OWN_NOTICES}`,
    links: 'id subject body',
    facts: 'seq issuer_id kind created_at',
  },
  notice_deliveries: {
    rowsOf: `notice_id in ${OWN_NOTICES}`,
    links: 'notice_id',
    facts: 'id channel target attempts next_at delivered_at given_up_at last_error',
  },
  presentations: {
    rowsOf: BY_WALLET,
    links: 'id wallet_id object_id choices',
    secret: 'token_sha256',
    facts: 'screen status expires_at created_at',
  },
  tap_sessions: {
    rowsOf: BY_WALLET,
    links: 'wallet_id presentation_id',
    secret: 'token_sha256 state',
    facts: 'expires_at',
  },
  taps: {
    rowsOf: BY_WALLET,
    links: 'id wallet_id presentation_id verdicts',
    secret: 'jti kid payload',
    facts: 'key_id issuer_id terminal_id outcome tapped_at',
  },
  stand_taps: {
    rowsOf: BY_DEVICE,
    links: 'tap_id device_id',
    secret: 'session_sha256',
    facts: 'stand_id proof at claimed_at',
  },
  terminal_events: {
    rowsOf: BY_WALLET,
    links: 'tap_id wallet_id detail',
    facts: 'issuer_id terminal_id number kind at',
  },
  audit_entries: {
    rowsOf: `subject in (select json_array_elements_text($1::json -> 'members')
                   union all select json_array_elements_text($1::json -> 'wallets')
                   union all select json_array_elements_text($1::json -> 'devices'))`,
    links: 'actor subject detail',
    facts: 'seq action outcome at',
  },
  idempotency_keys: {
    rowsOf: `scope in (select 'member:' || json_array_elements_text($1::json -> 'members'))`,
    links: 'scope claim_id body',
    secret: 'key fingerprint headers',
    facts: 'status created_at',
  },
};

const nobodys = (facts: string): TableData => ({ rowsOf: null, facts });

const OF_NOBODY: Readonly<Record<string, TableData>> = {
  api_keys: nobodys(
    'id issuer_id mode scopes secret_sha256 last_four created_at expires_at revoked_at',
  ),
  audit_gaps: nobodys('first last seen_at'),
  audit_heads: nobodys('position hash published_at'),
  audit_seals: nobodys('position entry hash sealed_at'),
  bulk_issues: nobodys(
    'id issuer_id class_id actor request_id status total position issued refused created_at ' +
      'finished_at',
  ),
  class_ids: nobodys('id kind'),
  coupon_classes: nobodys(
    'id kind issuer_id name description issue_type scene claim_start claim_end per_member_limit ' +
      'stock claimed validity discount min_spend_minor scope regular_price_only member_classes ' +
      'plus_only stores redemption_issuers max_clones clone_class_id clone_after_hours time_zone ' +
      'claim_hours use_hours per_member_day_limit per_member_week_limit stacking_group exclusive ' +
      'budget_minor committed_minor version expiry_notice_days transferable draft voided_at ' +
      'withdrawn_at created_at updated_at',
  ),
  coupon_numbers: nobodys(
    'class_id hour measure reason store_id redemption_issuer_id count order_total_minor ' +
      'discount_minor',
  ),
  coupon_totals: nobodys('class_id measure reason count order_total_minor discount_minor'),
  issuer_keys: nobodys('id issuer_id version spki created_at retired_at'),
  issuers: nobodys('id name collector_id body created_at updated_at'),
  membership_terms: nobodys('issuer_id class_id last_number'),
  outbox: nobodys('id job payload created_at sent_at attempts done_at'),
  pairing_codes: nobodys('code issuer_id terminal_id expires_at'),
  pairing_guesses: nobodys('minute wrong'),
  pass_classes: nobodys(
    'id kind issuer_id vertical body review_status enable_smart_tap redemption_issuers ' +
      'several_holders version created_at updated_at',
  ),
  stand_writes: nobodys('token_sha256 stand_id expires_at used_at'),
  stands: nobodys(
    'id issuer_id code terminal_id name tag state serial uid keys_sealed counter forgeries ' +
      'written_at verified_at created_at',
  ),
  stores: nobodys('id issuer_id name created_at'),
  terminals: nobodys('id issuer_id store_id name last_event created_at'),
  tills: nobodys('id issuer_id terminal_id secret_sha256 listening paired_at seen_at ended_at'),
  webhook_endpoints: nobodys('id issuer_id url secret created_at disabled_at'),
  worker_beats: nobodys('id beat_at'),
};

/** Every table of the service. */
export const DATA_MAP: Readonly<Record<string, TableData>> = {
  ...OF_MEMBERS,
  ...OF_WALLETS,
  ...OF_NOBODY,
};

export function wordsOf(list: string | undefined): string[] {
  return list === undefined ? [] : list.split(' ');
}

/** All columns of a table that the map knows. */
export function columnsOf({ personal, sealed, links, secret, facts }: TableData): string[] {
  return [...[personal, links, secret, facts].flatMap(wordsOf), ...Object.keys(sealed ?? {})];
}
