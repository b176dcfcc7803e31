import { z } from 'zod';

/** What a purge leaves behind. Its fields depend on what was removed and on the driver. */
export const PurgeReceiptSchema = z
  .record(z.string(), z.unknown())
  .meta({ id: 'PurgeReceipt', description: 'What was removed for good, when, and how its absence was established.' });
