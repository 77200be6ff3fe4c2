CREATE TABLE "api_keys" (
	"id" text PRIMARY KEY NOT NULL,
	"issuer_id" text NOT NULL,
	"mode" text NOT NULL,
	"scopes" text[] NOT NULL,
	"secret_sha256" text NOT NULL,
	"last_four" text NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT clock_timestamp() NOT NULL,
	"expires_at" timestamp (3) with time zone,
	"revoked_at" timestamp (3) with time zone,
	CONSTRAINT "api_keys_mode" CHECK ("api_keys"."mode" in ('live', 'test'))
);
--> statement-breakpoint
CREATE TABLE "audit_entries" (
	"seq" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "audit_entries_seq_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"actor" text NOT NULL,
	"action" text NOT NULL,
	"subject" text NOT NULL,
	"outcome" text NOT NULL,
	"detail" jsonb NOT NULL,
	"at" timestamp (3) with time zone DEFAULT clock_timestamp() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "claims" (
	"id" text PRIMARY KEY NOT NULL,
	"seq" bigint GENERATED ALWAYS AS IDENTITY (sequence name "claims_seq_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"class_id" text NOT NULL,
	"lane" smallint NOT NULL,
	"wallet_id" text NOT NULL,
	"tap_id" text,
	"actor" text NOT NULL,
	"request_id" text NOT NULL,
	"status" text DEFAULT 'pending' NOT NULL,
	"refusal" text,
	"coupon_id" text,
	"created_at" timestamp (3) with time zone DEFAULT clock_timestamp() NOT NULL,
	"decided_at" timestamp (3) with time zone,
	CONSTRAINT "claims_status" CHECK ("claims"."status" in ('pending', 'issued', 'refused')),
	CONSTRAINT "claims_refusal" CHECK (("claims"."status" = 'refused') = ("claims"."refusal" is not null)),
	CONSTRAINT "claims_coupon" CHECK (("claims"."status" = 'issued') = ("claims"."coupon_id" is not null)),
	CONSTRAINT "claims_decided" CHECK (("claims"."status" = 'pending') = ("claims"."decided_at" is null))
);
--> statement-breakpoint
CREATE TABLE "class_members" (
	"class_id" text NOT NULL,
	"wallet_id" text NOT NULL,
	"claimed" integer NOT NULL,
	"member_limit" integer NOT NULL,
	CONSTRAINT "class_members_pair" UNIQUE("class_id","wallet_id"),
	CONSTRAINT "class_members_limit" CHECK ("class_members"."claimed" between 0 and "class_members"."member_limit")
);
--> statement-breakpoint
CREATE TABLE "coupon_classes" (
	"id" text PRIMARY KEY NOT NULL,
	"kind" text DEFAULT 'coupon' NOT NULL,
	"issuer_id" text NOT NULL,
	"name" jsonb NOT NULL,
	"description" jsonb,
	"issue_type" text NOT NULL,
	"scene" text NOT NULL,
	"claim_start" timestamp (3) with time zone NOT NULL,
	"claim_end" timestamp (3) with time zone NOT NULL,
	"per_member_limit" integer NOT NULL,
	"stock" integer NOT NULL,
	"claimed" integer DEFAULT 0 NOT NULL,
	"validity" jsonb NOT NULL,
	"discount" jsonb NOT NULL,
	"min_spend_minor" bigint NOT NULL,
	"scope" jsonb NOT NULL,
	"regular_price_only" boolean NOT NULL,
	"member_classes" jsonb NOT NULL,
	"plus_only" boolean NOT NULL,
	"stores" jsonb NOT NULL,
	"redemption_issuers" jsonb NOT NULL,
	"max_clones" integer,
	"expiry_notice_days" integer NOT NULL,
	"transferable" boolean NOT NULL,
	"draft" boolean NOT NULL,
	"voided_at" timestamp (3) with time zone,
	"created_at" timestamp (3) with time zone DEFAULT clock_timestamp() NOT NULL,
	"updated_at" timestamp (3) with time zone DEFAULT clock_timestamp() NOT NULL,
	CONSTRAINT "coupon_classes_issuer_id" UNIQUE("issuer_id","id"),
	CONSTRAINT "coupon_classes_kind" CHECK ("coupon_classes"."kind" = 'coupon'),
	CONSTRAINT "coupon_classes_id_names_issuer" CHECK (split_part("coupon_classes"."id", '.', 1) = "coupon_classes"."issuer_id"),
	CONSTRAINT "coupon_classes_stock" CHECK ("coupon_classes"."claimed" between 0 and "coupon_classes"."stock"),
	CONSTRAINT "coupon_classes_limit" CHECK ("coupon_classes"."per_member_limit" > 0),
	CONSTRAINT "coupon_classes_window" CHECK ("coupon_classes"."claim_start" < "coupon_classes"."claim_end"),
	CONSTRAINT "coupon_classes_max_clones" CHECK ("coupon_classes"."max_clones" > 0)
);
--> statement-breakpoint
CREATE TABLE "coupons" (
	"id" text PRIMARY KEY NOT NULL,
	"issuer_id" text NOT NULL,
	"class_id" text NOT NULL,
	"wallet_id" text NOT NULL,
	"code" text NOT NULL,
	"status" text NOT NULL,
	"available_at" timestamp (3) with time zone NOT NULL,
	"expires_at" timestamp (3) with time zone NOT NULL,
	"generation" integer NOT NULL,
	"lineage_id" text NOT NULL,
	"cloned_from" text,
	"cloned_by" text,
	"max_clones" integer,
	"voided_by" text,
	"issued_at" timestamp (3) with time zone DEFAULT clock_timestamp() NOT NULL,
	CONSTRAINT "coupons_code_unique" UNIQUE("code"),
	CONSTRAINT "coupons_class_and_id" UNIQUE("class_id","id"),
	CONSTRAINT "coupons_status" CHECK ("coupons"."status" in ('issued', 'redeemed', 'expired', 'voided', 'transferred')),
	CONSTRAINT "coupons_voided_by" CHECK ("coupons"."voided_by" in ('class', 'reversal')),
	CONSTRAINT "coupons_void_has_reason" CHECK (("coupons"."status" = 'voided') = ("coupons"."voided_by" is not null)),
	CONSTRAINT "coupons_clone_has_origin" CHECK (("coupons"."generation" > 0) = ("coupons"."cloned_from" is not null and "coupons"."cloned_by" is not null)),
	CONSTRAINT "coupons_lineage_limit" CHECK ("coupons"."generation" = 0 or "coupons"."generation" <= "coupons"."max_clones")
);
--> statement-breakpoint
CREATE TABLE "idempotency_keys" (
	"scope" text NOT NULL,
	"key" text NOT NULL,
	"fingerprint" text NOT NULL,
	"claim_id" text,
	"status" integer,
	"headers" text,
	"body" text,
	"created_at" timestamp (3) with time zone DEFAULT clock_timestamp() NOT NULL,
	CONSTRAINT "idempotency_keys_scope_key_pk" PRIMARY KEY("scope","key")
);
--> statement-breakpoint
CREATE TABLE "issuer_keys" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "issuer_keys_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"issuer_id" text NOT NULL,
	"version" integer NOT NULL,
	"spki" text NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT clock_timestamp() NOT NULL,
	"retired_at" timestamp (3) with time zone
);
--> statement-breakpoint
CREATE TABLE "issuers" (
	"id" text PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"collector_id" text,
	"body" jsonb NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT clock_timestamp() NOT NULL,
	"updated_at" timestamp (3) with time zone DEFAULT clock_timestamp() NOT NULL,
	CONSTRAINT "issuers_collector_id_unique" UNIQUE("collector_id"),
	CONSTRAINT "issuers_id_is_int64" CHECK ("issuers"."id" ~ '^[1-9][0-9]{0,18}$'),
	CONSTRAINT "issuers_collector_id_is_int64" CHECK ("issuers"."collector_id" ~ '^[1-9][0-9]{0,18}$')
);
--> statement-breakpoint
CREATE TABLE "class_ids" (
	"id" text PRIMARY KEY NOT NULL,
	"kind" text NOT NULL,
	CONSTRAINT "class_ids_id_kind" UNIQUE("id","kind"),
	CONSTRAINT "class_ids_kind" CHECK ("class_ids"."kind" in ('pass', 'coupon'))
);
--> statement-breakpoint
CREATE TABLE "pass_classes" (
	"id" text PRIMARY KEY NOT NULL,
	"kind" text DEFAULT 'pass' NOT NULL,
	"issuer_id" text NOT NULL,
	"vertical" text NOT NULL,
	"body" jsonb NOT NULL,
	"review_status" text NOT NULL,
	"enable_smart_tap" boolean NOT NULL,
	"redemption_issuers" text[] NOT NULL,
	"several_holders" boolean NOT NULL,
	"version" bigint DEFAULT 1 NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT clock_timestamp() NOT NULL,
	"updated_at" timestamp (3) with time zone DEFAULT clock_timestamp() NOT NULL,
	CONSTRAINT "pass_classes_issuer_id_vertical" UNIQUE("issuer_id","id","vertical"),
	CONSTRAINT "pass_classes_kind" CHECK ("pass_classes"."kind" = 'pass'),
	CONSTRAINT "pass_classes_id_names_issuer" CHECK (split_part("pass_classes"."id", '.', 1) = "pass_classes"."issuer_id")
);
--> statement-breakpoint
CREATE TABLE "pass_objects" (
	"id" text PRIMARY KEY NOT NULL,
	"issuer_id" text NOT NULL,
	"class_id" text NOT NULL,
	"vertical" text NOT NULL,
	"body" jsonb NOT NULL,
	"state" text NOT NULL,
	"redemption_value" text,
	"valid_from" timestamp (3) with time zone,
	"valid_until" timestamp (3) with time zone,
	"version" bigint DEFAULT 1 NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT clock_timestamp() NOT NULL,
	"updated_at" timestamp (3) with time zone DEFAULT clock_timestamp() NOT NULL,
	CONSTRAINT "pass_objects_id_names_issuer" CHECK (split_part("pass_objects"."id", '.', 1) = "pass_objects"."issuer_id"),
	CONSTRAINT "pass_objects_state" CHECK ("pass_objects"."state" in ('ACTIVE', 'COMPLETED', 'EXPIRED', 'INACTIVE'))
);
--> statement-breakpoint
CREATE TABLE "outbox" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "outbox_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"job" text NOT NULL,
	"payload" jsonb NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT clock_timestamp() NOT NULL,
	"sent_at" timestamp (3) with time zone,
	"attempts" integer DEFAULT 0 NOT NULL,
	"done_at" timestamp (3) with time zone
);
--> statement-breakpoint
CREATE TABLE "worker_beats" (
	"id" text PRIMARY KEY NOT NULL,
	"beat_at" timestamp (3) with time zone DEFAULT clock_timestamp() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "redemptions" (
	"id" text PRIMARY KEY NOT NULL,
	"coupon_id" text NOT NULL,
	"class_id" text NOT NULL,
	"issuer_id" text NOT NULL,
	"redemption_issuer_id" text NOT NULL,
	"collector_id" text NOT NULL,
	"terminal_id" text,
	"order" jsonb NOT NULL,
	"order_total_minor" bigint NOT NULL,
	"discount_minor" bigint NOT NULL,
	"payable_minor" bigint NOT NULL,
	"redeemed_at" timestamp (3) with time zone DEFAULT clock_timestamp() NOT NULL,
	"reversal_id" text,
	"reversed_at" timestamp (3) with time zone,
	CONSTRAINT "redemptions_reversal_id_unique" UNIQUE("reversal_id"),
	CONSTRAINT "redemptions_amounts" CHECK ("redemptions"."discount_minor" >= 0 and "redemptions"."payable_minor" >= 0 and "redemptions"."discount_minor" + "redemptions"."payable_minor" = "redemptions"."order_total_minor"),
	CONSTRAINT "redemptions_reversal" CHECK (("redemptions"."reversal_id" is null) = ("redemptions"."reversed_at" is null))
);
--> statement-breakpoint
CREATE TABLE "presentations" (
	"id" text PRIMARY KEY NOT NULL,
	"wallet_id" text NOT NULL,
	"token_sha256" text NOT NULL,
	"screen" text NOT NULL,
	"object_id" text,
	"status" text DEFAULT 'open' NOT NULL,
	"choices" jsonb DEFAULT '[]'::jsonb NOT NULL,
	"expires_at" timestamp (3) with time zone NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT clock_timestamp() NOT NULL,
	CONSTRAINT "presentations_token_sha256_unique" UNIQUE("token_sha256"),
	CONSTRAINT "presentations_screen" CHECK ("presentations"."screen" in ('home', 'pass')),
	CONSTRAINT "presentations_object_with_pass_screen" CHECK (("presentations"."screen" = 'pass') = ("presentations"."object_id" is not null)),
	CONSTRAINT "presentations_status" CHECK ("presentations"."status" in ('open', 'choose', 'transferred'))
);
--> statement-breakpoint
CREATE TABLE "taps" (
	"id" text PRIMARY KEY NOT NULL,
	"key_id" bigint NOT NULL,
	"issuer_id" text NOT NULL,
	"jti" text NOT NULL,
	"kid" text NOT NULL,
	"wallet_id" text,
	"presentation_id" text,
	"terminal_id" text,
	"outcome" text NOT NULL,
	"verdicts" jsonb NOT NULL,
	"payload" text NOT NULL,
	"tapped_at" timestamp (3) with time zone DEFAULT clock_timestamp() NOT NULL,
	CONSTRAINT "taps_nonce" UNIQUE("kid","jti"),
	CONSTRAINT "taps_outcome" CHECK ("taps"."outcome" in ('transferred', 'choose', 'nothing', 'presentation-expired'))
);
--> statement-breakpoint
CREATE TABLE "stores" (
	"id" text NOT NULL,
	"issuer_id" text NOT NULL,
	"name" text NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT clock_timestamp() NOT NULL,
	CONSTRAINT "stores_issuer_id" UNIQUE("issuer_id","id")
);
--> statement-breakpoint
CREATE TABLE "terminals" (
	"id" text NOT NULL,
	"issuer_id" text NOT NULL,
	"store_id" text NOT NULL,
	"name" text NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT clock_timestamp() NOT NULL,
	CONSTRAINT "terminals_issuer_id" UNIQUE("issuer_id","id")
);
--> statement-breakpoint
CREATE TABLE "wallet_passes" (
	"wallet_id" text NOT NULL,
	"object_id" text NOT NULL,
	"sole_holder" boolean NOT NULL,
	"added_at" timestamp (3) with time zone DEFAULT clock_timestamp() NOT NULL,
	CONSTRAINT "wallet_passes_wallet_id_object_id_pk" PRIMARY KEY("wallet_id","object_id")
);
--> statement-breakpoint
CREATE TABLE "wallets" (
	"id" text PRIMARY KEY NOT NULL,
	"issuer_id" text,
	"display_name" text,
	"external_id" text,
	"plus" boolean DEFAULT false NOT NULL,
	"pairwise_secret" text NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT clock_timestamp() NOT NULL
);
--> statement-breakpoint
ALTER TABLE "api_keys" ADD CONSTRAINT "api_keys_issuer_id_issuers_id_fk" FOREIGN KEY ("issuer_id") REFERENCES "public"."issuers"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "claims" ADD CONSTRAINT "claims_coupon_of_class" FOREIGN KEY ("class_id","coupon_id") REFERENCES "public"."coupons"("class_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "coupon_classes" ADD CONSTRAINT "coupon_classes_issuer_id_issuers_id_fk" FOREIGN KEY ("issuer_id") REFERENCES "public"."issuers"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "coupon_classes" ADD CONSTRAINT "coupon_classes_id_is_claimed" FOREIGN KEY ("id","kind") REFERENCES "public"."class_ids"("id","kind") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "coupons" ADD CONSTRAINT "coupons_wallet_id_wallets_id_fk" FOREIGN KEY ("wallet_id") REFERENCES "public"."wallets"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "coupons" ADD CONSTRAINT "coupons_class_of_issuer" FOREIGN KEY ("issuer_id","class_id") REFERENCES "public"."coupon_classes"("issuer_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "issuer_keys" ADD CONSTRAINT "issuer_keys_issuer_id_issuers_id_fk" FOREIGN KEY ("issuer_id") REFERENCES "public"."issuers"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "pass_classes" ADD CONSTRAINT "pass_classes_issuer_id_issuers_id_fk" FOREIGN KEY ("issuer_id") REFERENCES "public"."issuers"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "pass_classes" ADD CONSTRAINT "pass_classes_id_is_claimed" FOREIGN KEY ("id","kind") REFERENCES "public"."class_ids"("id","kind") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "pass_objects" ADD CONSTRAINT "pass_objects_class_of_issuer" FOREIGN KEY ("issuer_id","class_id","vertical") REFERENCES "public"."pass_classes"("issuer_id","id","vertical") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "redemptions" ADD CONSTRAINT "redemptions_redemption_issuer_id_issuers_id_fk" FOREIGN KEY ("redemption_issuer_id") REFERENCES "public"."issuers"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "redemptions" ADD CONSTRAINT "redemptions_coupon_of_class" FOREIGN KEY ("class_id","coupon_id") REFERENCES "public"."coupons"("class_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "redemptions" ADD CONSTRAINT "redemptions_class_of_issuer" FOREIGN KEY ("issuer_id","class_id") REFERENCES "public"."coupon_classes"("issuer_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "presentations" ADD CONSTRAINT "presentations_wallet_id_wallets_id_fk" FOREIGN KEY ("wallet_id") REFERENCES "public"."wallets"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "stores" ADD CONSTRAINT "stores_issuer_id_issuers_id_fk" FOREIGN KEY ("issuer_id") REFERENCES "public"."issuers"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "terminals" ADD CONSTRAINT "terminals_store_of_issuer" FOREIGN KEY ("issuer_id","store_id") REFERENCES "public"."stores"("issuer_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "wallet_passes" ADD CONSTRAINT "wallet_passes_wallet_id_wallets_id_fk" FOREIGN KEY ("wallet_id") REFERENCES "public"."wallets"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "wallet_passes" ADD CONSTRAINT "wallet_passes_object_id_pass_objects_id_fk" FOREIGN KEY ("object_id") REFERENCES "public"."pass_objects"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "wallets" ADD CONSTRAINT "wallets_issuer_id_issuers_id_fk" FOREIGN KEY ("issuer_id") REFERENCES "public"."issuers"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "claims_pending" ON "claims" USING btree ("lane","seq") WHERE "claims"."status" = 'pending';--> statement-breakpoint
CREATE INDEX "coupon_classes_by_issuer" ON "coupon_classes" USING btree ("issuer_id","id");--> statement-breakpoint
CREATE UNIQUE INDEX "coupons_one_clone_a_redemption" ON "coupons" USING btree ("cloned_by") WHERE "coupons"."cloned_by" is not null;--> statement-breakpoint
CREATE UNIQUE INDEX "coupons_lineage_place" ON "coupons" USING btree ("lineage_id","generation") WHERE "coupons"."generation" > 0 and "coupons"."voided_by" is distinct from 'reversal';--> statement-breakpoint
CREATE INDEX "coupons_by_wallet" ON "coupons" USING btree ("wallet_id","id");--> statement-breakpoint
CREATE INDEX "coupons_due_to_expire" ON "coupons" USING btree ("expires_at") WHERE "coupons"."status" = 'issued';--> statement-breakpoint
CREATE INDEX "idempotency_keys_by_age" ON "idempotency_keys" USING brin ("created_at");--> statement-breakpoint
CREATE UNIQUE INDEX "issuer_keys_one_live_a_version" ON "issuer_keys" USING btree ("issuer_id","version") WHERE "issuer_keys"."retired_at" is null;--> statement-breakpoint
CREATE INDEX "pass_classes_by_issuer" ON "pass_classes" USING btree ("issuer_id","vertical","id");--> statement-breakpoint
CREATE INDEX "pass_objects_by_class" ON "pass_objects" USING btree ("class_id","id");--> statement-breakpoint
CREATE INDEX "outbox_undone" ON "outbox" USING btree ("sent_at","id") WHERE "outbox"."done_at" is null;--> statement-breakpoint
CREATE UNIQUE INDEX "redemptions_one_standing_a_coupon" ON "redemptions" USING btree ("coupon_id") WHERE "redemptions"."reversed_at" is null;--> statement-breakpoint
CREATE INDEX "redemptions_by_class" ON "redemptions" USING btree ("class_id");--> statement-breakpoint
CREATE INDEX "presentations_by_expiry" ON "presentations" USING btree ("expires_at");--> statement-breakpoint
CREATE UNIQUE INDEX "wallet_passes_one_holder" ON "wallet_passes" USING btree ("object_id") WHERE "wallet_passes"."sole_holder";--> statement-breakpoint
CREATE INDEX "wallet_passes_by_object" ON "wallet_passes" USING btree ("object_id");--> statement-breakpoint
CREATE UNIQUE INDEX "wallets_external_id" ON "wallets" USING btree ("issuer_id","external_id") WHERE "wallets"."external_id" is not null;--> statement-breakpoint
CREATE UNIQUE INDEX "wallets_platform_external_id" ON "wallets" USING btree ("external_id") WHERE "wallets"."issuer_id" is null;