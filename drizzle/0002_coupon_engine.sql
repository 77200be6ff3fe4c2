CREATE TABLE "audit_heads" (
	"position" bigint PRIMARY KEY NOT NULL,
	"hash" text NOT NULL,
	"published_at" timestamp (3) with time zone DEFAULT clock_timestamp() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "audit_seals" (
	"position" bigint PRIMARY KEY NOT NULL,
	"entry" bigint NOT NULL,
	"hash" text NOT NULL,
	"sealed_at" timestamp (3) with time zone DEFAULT clock_timestamp() NOT NULL,
	CONSTRAINT "audit_seals_entry_unique" UNIQUE("entry")
);
--> statement-breakpoint
CREATE TABLE "bulk_issue_items" (
	"bulk_id" text NOT NULL,
	"position" integer NOT NULL,
	"wallet_id" text NOT NULL,
	"claim_id" text,
	CONSTRAINT "bulk_issue_items_bulk_id_position_pk" PRIMARY KEY("bulk_id","position"),
	CONSTRAINT "bulk_issue_items_once" UNIQUE("bulk_id","wallet_id")
);
--> statement-breakpoint
CREATE TABLE "bulk_issues" (
	"id" text PRIMARY KEY NOT NULL,
	"issuer_id" text NOT NULL,
	"class_id" text NOT NULL,
	"actor" text NOT NULL,
	"request_id" text NOT NULL,
	"status" text NOT NULL,
	"total" integer NOT NULL,
	"position" integer DEFAULT 0 NOT NULL,
	"issued" integer DEFAULT 0 NOT NULL,
	"refused" integer DEFAULT 0 NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT clock_timestamp() NOT NULL,
	"finished_at" timestamp (3) with time zone,
	CONSTRAINT "bulk_issues_status" CHECK ("bulk_issues"."status" in ('running', 'done', 'cancelled')),
	CONSTRAINT "bulk_issues_progress" CHECK ("bulk_issues"."position" between 0 and "bulk_issues"."total" and "bulk_issues"."issued" + "bulk_issues"."refused" <= "bulk_issues"."position")
);
--> statement-breakpoint
CREATE TABLE "class_member_periods" (
	"class_id" text NOT NULL,
	"wallet_id" text NOT NULL,
	"period" text NOT NULL,
	"start" date NOT NULL,
	"claimed" integer NOT NULL,
	"member_limit" integer NOT NULL,
	CONSTRAINT "class_member_periods_key" UNIQUE("class_id","wallet_id","period","start"),
	CONSTRAINT "class_member_periods_period" CHECK ("class_member_periods"."period" in ('day', 'week')),
	CONSTRAINT "class_member_periods_limit" CHECK ("class_member_periods"."claimed" between 0 and "class_member_periods"."member_limit")
);
--> statement-breakpoint
CREATE TABLE "notice_deliveries" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "notice_deliveries_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"notice_id" text NOT NULL,
	"channel" text NOT NULL,
	"target" text DEFAULT '' NOT NULL,
	"attempts" integer DEFAULT 0 NOT NULL,
	"next_at" timestamp (3) with time zone DEFAULT clock_timestamp() NOT NULL,
	"delivered_at" timestamp (3) with time zone,
	"given_up_at" timestamp (3) with time zone,
	"last_error" text,
	CONSTRAINT "notice_deliveries_once" UNIQUE("notice_id","channel","target"),
	CONSTRAINT "notice_deliveries_channel" CHECK ("notice_deliveries"."channel" in ('log', 'webhook', 'smtp'))
);
--> statement-breakpoint
CREATE TABLE "notices" (
	"id" text PRIMARY KEY NOT NULL,
	"seq" bigint GENERATED ALWAYS AS IDENTITY (sequence name "notices_seq_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"issuer_id" text NOT NULL,
	"kind" text NOT NULL,
	"subject" text NOT NULL,
	"body" jsonb NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT clock_timestamp() NOT NULL,
	CONSTRAINT "notices_once" UNIQUE("kind","subject")
);
--> statement-breakpoint
CREATE TABLE "webhook_endpoints" (
	"id" text PRIMARY KEY NOT NULL,
	"issuer_id" text NOT NULL,
	"url" text NOT NULL,
	"secret" text NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT clock_timestamp() NOT NULL,
	"disabled_at" timestamp (3) with time zone
);
--> statement-breakpoint
CREATE TABLE "coupon_numbers" (
	"class_id" text NOT NULL,
	"hour" timestamp (3) with time zone NOT NULL,
	"measure" text NOT NULL,
	"reason" text DEFAULT '' NOT NULL,
	"store_id" text DEFAULT '' NOT NULL,
	"redemption_issuer_id" text DEFAULT '' NOT NULL,
	"count" bigint NOT NULL,
	"order_total_minor" bigint NOT NULL,
	"discount_minor" bigint NOT NULL,
	CONSTRAINT "coupon_numbers_class_id_hour_measure_reason_store_id_redemption_issuer_id_pk" PRIMARY KEY("class_id","hour","measure","reason","store_id","redemption_issuer_id")
);
--> statement-breakpoint
CREATE TABLE "transfers" (
	"id" text PRIMARY KEY NOT NULL,
	"coupon_id" text NOT NULL,
	"token_sha256" text NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT clock_timestamp() NOT NULL,
	"expires_at" timestamp (3) with time zone NOT NULL,
	"revoked_at" timestamp (3) with time zone,
	"accepted_at" timestamp (3) with time zone,
	"to_wallet_id" text,
	"new_coupon_id" text,
	CONSTRAINT "transfers_token_sha256_unique" UNIQUE("token_sha256"),
	CONSTRAINT "transfers_ends_once" CHECK ("transfers"."accepted_at" is null or "transfers"."revoked_at" is null),
	CONSTRAINT "transfers_accepted" CHECK (("transfers"."accepted_at" is null) = ("transfers"."new_coupon_id" is null) and ("transfers"."accepted_at" is null) = ("transfers"."to_wallet_id" is null))
);
--> statement-breakpoint
ALTER TABLE "coupons" DROP CONSTRAINT "coupons_voided_by";--> statement-breakpoint
DROP INDEX "coupons_one_clone_a_redemption";--> statement-breakpoint
DROP INDEX "coupons_lineage_place";--> statement-breakpoint
DROP INDEX "redemptions_one_standing_a_coupon";--> statement-breakpoint
ALTER TABLE "coupon_classes" ADD COLUMN "clone_class_id" text;--> statement-breakpoint
ALTER TABLE "coupon_classes" ADD COLUMN "clone_after_hours" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "coupon_classes" ADD COLUMN "time_zone" text DEFAULT 'UTC' NOT NULL;--> statement-breakpoint
ALTER TABLE "coupon_classes" ADD COLUMN "claim_hours" jsonb DEFAULT '[]'::jsonb NOT NULL;--> statement-breakpoint
ALTER TABLE "coupon_classes" ADD COLUMN "use_hours" jsonb DEFAULT '[]'::jsonb NOT NULL;--> statement-breakpoint
ALTER TABLE "coupon_classes" ADD COLUMN "per_member_day_limit" integer;--> statement-breakpoint
ALTER TABLE "coupon_classes" ADD COLUMN "per_member_week_limit" integer;--> statement-breakpoint
ALTER TABLE "coupon_classes" ADD COLUMN "stacking_group" text;--> statement-breakpoint
ALTER TABLE "coupon_classes" ADD COLUMN "exclusive" boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE "coupon_classes" ADD COLUMN "budget_minor" bigint;--> statement-breakpoint
ALTER TABLE "coupon_classes" ADD COLUMN "committed_minor" bigint DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "coupon_classes" ADD COLUMN "version" integer DEFAULT 1 NOT NULL;--> statement-breakpoint
ALTER TABLE "coupons" ADD COLUMN "transferred_from" text;--> statement-breakpoint
ALTER TABLE "coupons" ADD COLUMN "reserved_minor" bigint;--> statement-breakpoint
ALTER TABLE "coupons" ADD COLUMN "notice_due_at" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "coupons" ADD COLUMN "noticed_at" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "redemptions" ADD COLUMN "store_id" text;--> statement-breakpoint
ALTER TABLE "redemptions" ADD COLUMN "basket_id" text;--> statement-breakpoint
ALTER TABLE "redemptions" ADD COLUMN "state" text DEFAULT 'confirmed' NOT NULL;--> statement-breakpoint
ALTER TABLE "redemptions" ADD COLUMN "held_until" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "wallets" ADD COLUMN "email" text;--> statement-breakpoint
ALTER TABLE "audit_seals" ADD CONSTRAINT "audit_seals_entry_audit_entries_seq_fk" FOREIGN KEY ("entry") REFERENCES "public"."audit_entries"("seq") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "bulk_issue_items" ADD CONSTRAINT "bulk_issue_items_bulk_id_bulk_issues_id_fk" FOREIGN KEY ("bulk_id") REFERENCES "public"."bulk_issues"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "notice_deliveries" ADD CONSTRAINT "notice_deliveries_notice_id_notices_id_fk" FOREIGN KEY ("notice_id") REFERENCES "public"."notices"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "webhook_endpoints" ADD CONSTRAINT "webhook_endpoints_issuer_id_issuers_id_fk" FOREIGN KEY ("issuer_id") REFERENCES "public"."issuers"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "transfers" ADD CONSTRAINT "transfers_coupon_id_coupons_id_fk" FOREIGN KEY ("coupon_id") REFERENCES "public"."coupons"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "transfers" ADD CONSTRAINT "transfers_to_wallet_id_wallets_id_fk" FOREIGN KEY ("to_wallet_id") REFERENCES "public"."wallets"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "transfers" ADD CONSTRAINT "transfers_new_coupon_id_coupons_id_fk" FOREIGN KEY ("new_coupon_id") REFERENCES "public"."coupons"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "bulk_issues_by_class" ON "bulk_issues" USING btree ("class_id","id");--> statement-breakpoint
CREATE INDEX "bulk_issues_running" ON "bulk_issues" USING btree ("id") WHERE "bulk_issues"."status" = 'running';--> statement-breakpoint
CREATE INDEX "notice_deliveries_due" ON "notice_deliveries" USING btree ("next_at") WHERE "notice_deliveries"."delivered_at" is null and "notice_deliveries"."given_up_at" is null;--> statement-breakpoint
CREATE INDEX "webhook_endpoints_by_issuer" ON "webhook_endpoints" USING btree ("issuer_id","id");--> statement-breakpoint
CREATE UNIQUE INDEX "transfers_one_open_a_coupon" ON "transfers" USING btree ("coupon_id") WHERE "transfers"."accepted_at" is null and "transfers"."revoked_at" is null;--> statement-breakpoint
CREATE UNIQUE INDEX "coupons_one_successor" ON "coupons" USING btree ("transferred_from") WHERE "coupons"."transferred_from" is not null;--> statement-breakpoint
CREATE INDEX "coupons_due_to_notice" ON "coupons" USING btree ("notice_due_at") WHERE "coupons"."notice_due_at" is not null;--> statement-breakpoint
CREATE INDEX "redemptions_by_basket" ON "redemptions" USING btree ("basket_id") WHERE "redemptions"."basket_id" is not null;--> statement-breakpoint
CREATE INDEX "redemptions_held" ON "redemptions" USING btree ("held_until") WHERE "redemptions"."state" = 'held';--> statement-breakpoint
CREATE UNIQUE INDEX "coupons_one_clone_a_redemption" ON "coupons" USING btree ("cloned_by") WHERE "coupons"."cloned_by" is not null and "coupons"."transferred_from" is null;--> statement-breakpoint
CREATE UNIQUE INDEX "coupons_lineage_place" ON "coupons" USING btree ("lineage_id","generation") WHERE "coupons"."generation" > 0 and "coupons"."voided_by" is distinct from 'reversal' and "coupons"."transferred_from" is null;--> statement-breakpoint
CREATE UNIQUE INDEX "redemptions_one_standing_a_coupon" ON "redemptions" USING btree ("coupon_id") WHERE "redemptions"."reversed_at" is null and "redemptions"."state" <> 'released';--> statement-breakpoint
ALTER TABLE "coupon_classes" ADD CONSTRAINT "coupon_classes_periods" CHECK ("coupon_classes"."per_member_day_limit" > 0 and "coupon_classes"."per_member_week_limit" > 0);--> statement-breakpoint
ALTER TABLE "coupon_classes" ADD CONSTRAINT "coupon_classes_clone_gap" CHECK ("coupon_classes"."clone_after_hours" >= 0);--> statement-breakpoint
ALTER TABLE "coupon_classes" ADD CONSTRAINT "coupon_classes_budget" CHECK ("coupon_classes"."committed_minor" >= 0 and "coupon_classes"."committed_minor" <= "coupon_classes"."budget_minor");--> statement-breakpoint
ALTER TABLE "coupons" ADD CONSTRAINT "coupons_voided_by" CHECK ("coupons"."voided_by" in ('class', 'reversal', 'issuer'));--> statement-breakpoint
ALTER TABLE "redemptions" ADD CONSTRAINT "redemptions_state" CHECK ("redemptions"."state" in ('held', 'confirmed', 'released'));--> statement-breakpoint
ALTER TABLE "redemptions" ADD CONSTRAINT "redemptions_hold_ends" CHECK ("redemptions"."state" <> 'held' or "redemptions"."held_until" is not null);