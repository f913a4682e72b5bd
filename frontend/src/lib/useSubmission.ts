import { useState } from 'react';

/** Why something was refused, by the field that is at fault; `all` where it is none of them. */
export type Refused<Field extends string> = Partial<Record<Field | 'all', string>>;

/**
 * A form that is sent to the service, which may find fault with a field.
 *
 * @param fieldOf the field that an error is about, if it is one
 */
export function useSubmission<Field extends string>(
  send: () => Promise<unknown>,
  fieldOf: (error: unknown) => Field | undefined,
) {
  const [busy, setBusy] = useState(false);
  const [refused, setRefused] = useState<Refused<Field>>({});
  const forget = () => setRefused({});
  async function go() {
    setBusy(true);
    forget();
    try {
      await send();
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      const why: Refused<Field> = {};
      why[fieldOf(error) ?? 'all'] = message;
      setRefused(why);
    } finally {
      setBusy(false);
    }
  }
  const submit = (event: { preventDefault(): void }) => {
    event.preventDefault();
    void go();
  };
  return { busy, refused, forget, submit };
}
