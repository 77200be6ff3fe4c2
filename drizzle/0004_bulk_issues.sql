DROP INDEX "bulk_issues_by_class";--> statement-breakpoint
DROP INDEX "bulk_issues_running";--> statement-breakpoint
ALTER TABLE "bulk_issue_items" ADD COLUMN "refusal" text;--> statement-breakpoint
CREATE INDEX "bulk_issue_items_refused" ON "bulk_issue_items" USING btree ("bulk_id","position") WHERE "bulk_issue_items"."refusal" is not null;--> statement-breakpoint
CREATE INDEX "bulk_issues_by_class" ON "bulk_issues" USING btree ("class_id");--> statement-breakpoint
CREATE INDEX "bulk_issues_unfinished" ON "bulk_issues" USING btree ("id") WHERE "bulk_issues"."finished_at" is null;--> statement-breakpoint
CREATE INDEX "claims_decided_by_class" ON "claims" USING btree ("class_id","id") WHERE "claims"."decided_at" is not null;--> statement-breakpoint
-- Every item gets its claim once: with room on its page that needs no new index entries.
ALTER TABLE "bulk_issue_items" SET (fillfactor = 50);