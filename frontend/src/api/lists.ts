import { isRecord } from './http.ts';

/** A page of a list that is told by numbered pages. */
export interface NumberedList<T> {
  readonly items: readonly T[];
  /** Of all pages. */
  readonly total: number;
  readonly pages: number;
}

/** So many to a page. */
export const PER_PAGE = 100;

/** Reads such a page; what can't be read as an item is passed over. */
export function numberedList<T>(
  body: unknown,
  parse: (item: unknown) => T | undefined,
): NumberedList<T> {
  const data = isRecord(body) && Array.isArray(body.data) ? body.data : [];
  const pagination = isRecord(body) && isRecord(body.pagination) ? body.pagination : {};
  const items = data.flatMap((item) => parse(item) ?? []);
  return {
    items,
    total: typeof pagination.count === 'number' ? pagination.count : items.length,
    pages: typeof pagination.totalPages === 'number' ? pagination.totalPages : 1,
  };
}

/** The number of a page out of an address. */
export function pageOf(text: string | undefined): number {
  const number = Number(text);
  return Number.isInteger(number) && number > 0 ? number : 1;
}

/** A member that is a text. */
export function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

/** A member that is a number. */
export function numberOf(value: unknown): number | undefined {
  return typeof value === 'number' ? value : undefined;
}

/** A member that is a time. */
export function timeOf(value: unknown): Date | undefined {
  return typeof value === 'string' ? new Date(value) : undefined;
}
