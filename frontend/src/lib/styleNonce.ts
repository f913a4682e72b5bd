/**
 * What style elements must carry for the browser to apply them: the service gives each document
 * another one. Empty where the page is served without, as in development.
 */
export function styleNonce(): string {
  return document.querySelector<HTMLMetaElement>('meta[property="csp-nonce"]')?.nonce ?? '';
}
