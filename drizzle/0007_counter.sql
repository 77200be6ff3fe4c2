CREATE TABLE "join_codes" (
	"id" text PRIMARY KEY NOT NULL,
	"device_id" text NOT NULL,
	"phone_mark" text NOT NULL,
	"phone_sealed" text NOT NULL,
	"code_mark" text NOT NULL,
	"tries" integer DEFAULT 0 NOT NULL,
	"expires_at" timestamp (3) with time zone NOT NULL,
	"used_at" timestamp (3) with time zone,
	"created_at" timestamp (3) with time zone DEFAULT clock_timestamp() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "member_devices" (
	"id" text PRIMARY KEY NOT NULL,
	"secret_sha256" text NOT NULL,
	"member_id" text,
	"created_at" timestamp (3) with time zone DEFAULT clock_timestamp() NOT NULL,
	"seen_at" timestamp (3) with time zone DEFAULT clock_timestamp() NOT NULL,
	"ended_at" timestamp (3) with time zone,
	CONSTRAINT "member_devices_secret" UNIQUE("secret_sha256")
);
--> statement-breakpoint
CREATE TABLE "member_identities" (
	"provider" text NOT NULL,
	"subject" text NOT NULL,
	"member_id" text NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT clock_timestamp() NOT NULL,
	CONSTRAINT "member_identities_provider_subject_pk" PRIMARY KEY("provider","subject")
);
--> statement-breakpoint
CREATE TABLE "members" (
	"id" text PRIMARY KEY NOT NULL,
	"wallet_id" text NOT NULL,
	"phone_mark" text,
	"phone_sealed" text,
	"language" text,
	"merged_into" text,
	"erased_at" timestamp (3) with time zone,
	"created_at" timestamp (3) with time zone DEFAULT clock_timestamp() NOT NULL,
	CONSTRAINT "members_wallet" UNIQUE("wallet_id"),
	CONSTRAINT "members_phone_whole" CHECK (("members"."phone_mark" is null) = ("members"."phone_sealed" is null)),
	CONSTRAINT "members_gone_without_phone" CHECK ("members"."phone_mark" is null or ("members"."erased_at" is null and "members"."merged_into" is null))
);
--> statement-breakpoint
CREATE TABLE "membership_terms" (
	"issuer_id" text PRIMARY KEY NOT NULL,
	"class_id" text NOT NULL,
	"last_number" bigint DEFAULT 0 NOT NULL
);
--> statement-breakpoint
CREATE TABLE "memberships" (
	"member_id" text NOT NULL,
	"issuer_id" text NOT NULL,
	"number" bigint NOT NULL,
	"object_id" text NOT NULL,
	"external_id" text,
	"imported_mark" text,
	"joined_at" timestamp (3) with time zone DEFAULT clock_timestamp() NOT NULL,
	CONSTRAINT "memberships_member_id_issuer_id_pk" PRIMARY KEY("member_id","issuer_id"),
	CONSTRAINT "memberships_number" UNIQUE("issuer_id","number"),
	CONSTRAINT "memberships_external_id" UNIQUE("issuer_id","external_id")
);
--> statement-breakpoint
CREATE TABLE "sign_ins" (
	"state_sha256" text PRIMARY KEY NOT NULL,
	"device_id" text NOT NULL,
	"sealed" text NOT NULL,
	"return_to" text NOT NULL,
	"expires_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "stand_taps" (
	"tap_id" text PRIMARY KEY NOT NULL,
	"stand_id" text NOT NULL,
	"device_id" text NOT NULL,
	"session_sha256" text NOT NULL,
	"proof" text NOT NULL,
	"at" timestamp (3) with time zone DEFAULT clock_timestamp() NOT NULL,
	"claimed_at" timestamp (3) with time zone,
	CONSTRAINT "stand_taps_session" UNIQUE("session_sha256"),
	CONSTRAINT "stand_taps_proof" CHECK ("stand_taps"."proof" in ('sun', 'static', 'qr'))
);
--> statement-breakpoint
CREATE TABLE "stand_writes" (
	"token_sha256" text PRIMARY KEY NOT NULL,
	"stand_id" text NOT NULL,
	"expires_at" timestamp (3) with time zone NOT NULL,
	"used_at" timestamp (3) with time zone
);
--> statement-breakpoint
CREATE TABLE "stands" (
	"id" text PRIMARY KEY NOT NULL,
	"issuer_id" text NOT NULL,
	"code" text NOT NULL,
	"terminal_id" text,
	"name" text NOT NULL,
	"tag" text NOT NULL,
	"state" text DEFAULT 'blank' NOT NULL,
	"serial" text,
	"uid" text,
	"keys_sealed" text,
	"counter" bigint,
	"forgeries" integer DEFAULT 0 NOT NULL,
	"written_at" timestamp (3) with time zone,
	"verified_at" timestamp (3) with time zone,
	"created_at" timestamp (3) with time zone DEFAULT clock_timestamp() NOT NULL,
	CONSTRAINT "stands_code" UNIQUE("code"),
	CONSTRAINT "stands_tag" CHECK ("stands"."tag" in ('static', 'ntag424')),
	CONSTRAINT "stands_state" CHECK ("stands"."state" in ('blank', 'written', 'verified', 'locked', 'retired')),
	CONSTRAINT "stands_keys" CHECK (("stands"."tag" = 'ntag424') = ("stands"."keys_sealed" is not null))
);
--> statement-breakpoint
CREATE TABLE "pairing_codes" (
	"code" text PRIMARY KEY NOT NULL,
	"issuer_id" text NOT NULL,
	"terminal_id" text NOT NULL,
	"expires_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "pairing_codes_terminal" UNIQUE("issuer_id","terminal_id")
);
--> statement-breakpoint
CREATE TABLE "pairing_guesses" (
	"minute" timestamp (3) with time zone PRIMARY KEY NOT NULL,
	"wrong" integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE "terminal_events" (
	"issuer_id" text NOT NULL,
	"terminal_id" text NOT NULL,
	"number" bigint NOT NULL,
	"kind" text NOT NULL,
	"tap_id" text,
	"wallet_id" text,
	"detail" jsonb DEFAULT '{}'::jsonb NOT NULL,
	"at" timestamp (3) with time zone DEFAULT clock_timestamp() NOT NULL,
	CONSTRAINT "terminal_events_issuer_id_terminal_id_number_pk" PRIMARY KEY("issuer_id","terminal_id","number")
);
--> statement-breakpoint
CREATE TABLE "tills" (
	"id" text PRIMARY KEY NOT NULL,
	"issuer_id" text NOT NULL,
	"terminal_id" text NOT NULL,
	"secret_sha256" text NOT NULL,
	"listening" boolean DEFAULT false NOT NULL,
	"paired_at" timestamp (3) with time zone DEFAULT clock_timestamp() NOT NULL,
	"seen_at" timestamp (3) with time zone DEFAULT clock_timestamp() NOT NULL,
	"ended_at" timestamp (3) with time zone,
	CONSTRAINT "tills_secret" UNIQUE("secret_sha256")
);
--> statement-breakpoint
ALTER TABLE "taps" DROP CONSTRAINT "taps_outcome";--> statement-breakpoint
ALTER TABLE "taps" ALTER COLUMN "key_id" DROP NOT NULL;--> statement-breakpoint
ALTER TABLE "terminals" ADD COLUMN "last_event" bigint DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "join_codes" ADD CONSTRAINT "join_codes_device_id_member_devices_id_fk" FOREIGN KEY ("device_id") REFERENCES "public"."member_devices"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "member_devices" ADD CONSTRAINT "member_devices_member_id_members_id_fk" FOREIGN KEY ("member_id") REFERENCES "public"."members"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "member_identities" ADD CONSTRAINT "member_identities_member_id_members_id_fk" FOREIGN KEY ("member_id") REFERENCES "public"."members"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "members" ADD CONSTRAINT "members_wallet_id_wallets_id_fk" FOREIGN KEY ("wallet_id") REFERENCES "public"."wallets"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "members" ADD CONSTRAINT "members_merged_into" FOREIGN KEY ("merged_into") REFERENCES "public"."members"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "membership_terms" ADD CONSTRAINT "membership_terms_issuer_id_issuers_id_fk" FOREIGN KEY ("issuer_id") REFERENCES "public"."issuers"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "membership_terms" ADD CONSTRAINT "membership_terms_class_id_pass_classes_id_fk" FOREIGN KEY ("class_id") REFERENCES "public"."pass_classes"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "memberships" ADD CONSTRAINT "memberships_member_id_members_id_fk" FOREIGN KEY ("member_id") REFERENCES "public"."members"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "memberships" ADD CONSTRAINT "memberships_issuer_id_issuers_id_fk" FOREIGN KEY ("issuer_id") REFERENCES "public"."issuers"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "memberships" ADD CONSTRAINT "memberships_object_id_pass_objects_id_fk" FOREIGN KEY ("object_id") REFERENCES "public"."pass_objects"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "sign_ins" ADD CONSTRAINT "sign_ins_device_id_member_devices_id_fk" FOREIGN KEY ("device_id") REFERENCES "public"."member_devices"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "stand_taps" ADD CONSTRAINT "stand_taps_tap_id_taps_id_fk" FOREIGN KEY ("tap_id") REFERENCES "public"."taps"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "stand_taps" ADD CONSTRAINT "stand_taps_stand_id_stands_id_fk" FOREIGN KEY ("stand_id") REFERENCES "public"."stands"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "stand_taps" ADD CONSTRAINT "stand_taps_device_id_member_devices_id_fk" FOREIGN KEY ("device_id") REFERENCES "public"."member_devices"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "stand_writes" ADD CONSTRAINT "stand_writes_stand_id_stands_id_fk" FOREIGN KEY ("stand_id") REFERENCES "public"."stands"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "stands" ADD CONSTRAINT "stands_issuer_id_issuers_id_fk" FOREIGN KEY ("issuer_id") REFERENCES "public"."issuers"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "stands" ADD CONSTRAINT "stands_terminal_of_issuer" FOREIGN KEY ("issuer_id","terminal_id") REFERENCES "public"."terminals"("issuer_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "pairing_codes" ADD CONSTRAINT "pairing_codes_of_terminal" FOREIGN KEY ("issuer_id","terminal_id") REFERENCES "public"."terminals"("issuer_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "terminal_events" ADD CONSTRAINT "terminal_events_terminal" FOREIGN KEY ("issuer_id","terminal_id") REFERENCES "public"."terminals"("issuer_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "tills" ADD CONSTRAINT "tills_of_terminal" FOREIGN KEY ("issuer_id","terminal_id") REFERENCES "public"."terminals"("issuer_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "join_codes_by_phone" ON "join_codes" USING btree ("phone_mark","created_at");--> statement-breakpoint
CREATE INDEX "join_codes_by_device" ON "join_codes" USING btree ("device_id","created_at");--> statement-breakpoint
CREATE INDEX "member_devices_by_member" ON "member_devices" USING btree ("member_id");--> statement-breakpoint
CREATE INDEX "member_identities_by_member" ON "member_identities" USING btree ("member_id");--> statement-breakpoint
CREATE UNIQUE INDEX "members_phone" ON "members" USING btree ("phone_mark") WHERE "members"."phone_mark" is not null;--> statement-breakpoint
CREATE INDEX "memberships_imported" ON "memberships" USING btree ("issuer_id","imported_mark") WHERE "memberships"."imported_mark" is not null;--> statement-breakpoint
CREATE INDEX "stand_taps_by_device" ON "stand_taps" USING btree ("device_id","stand_id","at");--> statement-breakpoint
CREATE INDEX "stand_taps_by_stand" ON "stand_taps" USING btree ("stand_id","at");--> statement-breakpoint
CREATE INDEX "stand_writes_by_stand" ON "stand_writes" USING btree ("stand_id");--> statement-breakpoint
CREATE UNIQUE INDEX "stands_uid" ON "stands" USING btree ("uid") WHERE "stands"."uid" is not null;--> statement-breakpoint
CREATE INDEX "stands_by_issuer" ON "stands" USING btree ("issuer_id","id");--> statement-breakpoint
CREATE INDEX "stands_by_terminal" ON "stands" USING btree ("issuer_id","terminal_id");--> statement-breakpoint
CREATE INDEX "terminal_events_by_age" ON "terminal_events" USING brin ("at");--> statement-breakpoint
CREATE INDEX "terminal_events_by_tap" ON "terminal_events" USING btree ("tap_id") WHERE "terminal_events"."tap_id" is not null;--> statement-breakpoint
CREATE INDEX "tills_by_terminal" ON "tills" USING btree ("issuer_id","terminal_id");--> statement-breakpoint
CREATE INDEX "pass_objects_by_value" ON "pass_objects" USING btree ("issuer_id","redemption_value") WHERE "pass_objects"."redemption_value" is not null;--> statement-breakpoint
CREATE INDEX "wallets_by_name" ON "wallets" USING btree (lower("display_name") text_pattern_ops);--> statement-breakpoint
ALTER TABLE "taps" ADD CONSTRAINT "taps_signed" CHECK (("taps"."key_id" is null) = ("taps"."outcome" in ('recognised', 'unknown')));--> statement-breakpoint
ALTER TABLE "taps" ADD CONSTRAINT "taps_outcome" CHECK ("taps"."outcome" in ('transferred', 'choose', 'nothing', 'presentation-expired', 'recognised', 'unknown'));