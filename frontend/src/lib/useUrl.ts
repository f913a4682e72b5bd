import { useNavigate, useSearch } from '@tanstack/react-router';
import type { UrlState } from './urlState.ts';

/** Pages that keep what they show in their address. */
type Page = '/queues' | '/schedules' | '/tasks' | '/waitpoints';

/** What the address of a page says, and how to have it say something else. */
export function useUrl(page: Page) {
  const url: UrlState = useSearch({ from: page });
  const navigate = useNavigate();
  /** Says this and nothing else. */
  const go = (next: UrlState) => void navigate({ to: page, search: next, replace: true });
  return { url, go, set: (change: UrlState) => go({ ...url, ...change }) };
}
