-- A presentation is written once and handed over once: with room on its page the second version
-- needs no new index entries.
ALTER TABLE "presentations" SET (fillfactor = 50);--> statement-breakpoint
-- Rows here are updated by every batch of claims.
ALTER TABLE "coupon_classes" SET (fillfactor = 50);--> statement-breakpoint
ALTER TABLE "class_members" SET (fillfactor = 80);
