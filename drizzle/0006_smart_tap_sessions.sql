CREATE TABLE "tap_sessions" (
	"token_sha256" text PRIMARY KEY NOT NULL,
	"wallet_id" text NOT NULL,
	"presentation_id" text NOT NULL,
	"state" text NOT NULL,
	"expires_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
DROP INDEX "presentations_by_expiry";--> statement-breakpoint
ALTER TABLE "tap_sessions" ADD CONSTRAINT "tap_sessions_wallet_id_wallets_id_fk" FOREIGN KEY ("wallet_id") REFERENCES "public"."wallets"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "tap_sessions_by_expiry" ON "tap_sessions" USING btree ("expires_at");--> statement-breakpoint
CREATE INDEX "presentations_by_wallet" ON "presentations" USING btree ("wallet_id","expires_at");--> statement-breakpoint
CREATE INDEX "presentations_by_age" ON "presentations" USING brin ("created_at");--> statement-breakpoint
-- A presentation is handed over once: its row has room for that beside it, and no index changes.
ALTER TABLE "presentations" SET (fillfactor = 70);
