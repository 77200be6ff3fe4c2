CREATE TABLE "audit_gaps" (
	"first" bigint PRIMARY KEY NOT NULL,
	"last" bigint NOT NULL,
	"seen_at" timestamp (3) with time zone DEFAULT clock_timestamp() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "coupon_totals" (
	"class_id" text NOT NULL,
	"measure" text NOT NULL,
	"reason" text DEFAULT '' NOT NULL,
	"count" bigint NOT NULL,
	"order_total_minor" bigint NOT NULL,
	"discount_minor" bigint NOT NULL,
	CONSTRAINT "coupon_totals_class_id_measure_reason_pk" PRIMARY KEY("class_id","measure","reason")
);
--> statement-breakpoint
CREATE INDEX "audit_entries_by_subject" ON "audit_entries" USING btree ("subject","seq");--> statement-breakpoint
-- A row of the audit, of its chain or of its published heads is never changed and never removed.
CREATE FUNCTION "refuse_rewriting"() RETURNS trigger LANGUAGE plpgsql AS $$
begin
  raise exception '% of % is refused: its rows are only ever added', tg_op, tg_table_name
    using errcode = 'insufficient_privilege';
end
$$;
--> statement-breakpoint
CREATE TRIGGER "audit_entries_append_only" BEFORE UPDATE OR DELETE OR TRUNCATE ON "audit_entries"
  FOR EACH STATEMENT EXECUTE FUNCTION "refuse_rewriting"();
--> statement-breakpoint
CREATE TRIGGER "audit_seals_append_only" BEFORE UPDATE OR DELETE OR TRUNCATE ON "audit_seals"
  FOR EACH STATEMENT EXECUTE FUNCTION "refuse_rewriting"();
--> statement-breakpoint
CREATE TRIGGER "audit_heads_append_only" BEFORE UPDATE OR DELETE OR TRUNCATE ON "audit_heads"
  FOR EACH STATEMENT EXECUTE FUNCTION "refuse_rewriting"();
