// How a program here talks to the test that started it: where the service is comes in by
// environment variables, what happened goes out as one line of JSON each.

/** Where the service is, and the credential to use. */
export const service = {
  url: required('RUNCAST_URL'),
  key: required('RUNCAST_KEY'),
};

/**
 * Tells the test something.
 *
 * @param {string} name what it is
 * @param {unknown} value anything that JSON can hold
 */
export function tell(name, value) {
  process.stdout.write(`${JSON.stringify({ name, value })}\n`);
}

/**
 * Runs one behaviour and tells what came of it: what it returned, or how it failed.
 *
 * @param {string} name
 * @param {() => Promise<unknown>} behaviour
 */
export async function observe(name, behaviour) {
  try {
    tell(name, (await behaviour()) ?? null);
  } catch (error) {
    tell(name, { failed: failure(error) });
  }
}

/** @param {unknown} error */
export function failure(error) {
  if (!(error instanceof Error)) {
    return { message: String(error) };
  }
  const { name, message } = error;
  const { status, code, param } = /** @type {Record<string, unknown>} */ ({ ...error });
  return { name, message, status, code, param };
}

/**
 * What a worker does to a run: the service's own PATCH, with the secret key.
 *
 * @param {string} run
 * @param {Record<string, unknown>} change
 */
export async function move(run, change) {
  const response = await fetch(`${service.url}/api/v1/runs/${run}`, {
    method: 'PATCH',
    headers: { authorization: `Bearer ${service.key}`, 'content-type': 'application/json' },
    body: JSON.stringify(change),
  });
  if (!response.ok) {
    throw new Error(`the run can't be moved: ${response.status} ${await response.text()}`);
  }
}

/** @param {string} name */
function required(name) {
  const value = process.env[name];
  if (value === undefined) {
    throw new Error(`${name} is not set: this program is started by the integration tests`);
  }
  return value;
}
