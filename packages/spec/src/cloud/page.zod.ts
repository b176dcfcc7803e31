import { z } from 'zod';

/** One page of a list. `item` is the schema of an entry. */
export function PageSchema<Item extends z.ZodType>(item: Item) {
  return z
    .object({
      items: z.array(item).describe('The entries, in the order of the list.'),
      nextCursor: z.string().nullable().describe('Cursor of the next page; null on the last one.'),
    })
    .describe('One page of a list.');
}
export type Page<Item> = { items: Item[]; nextCursor: string | null };
