import { useState } from 'react';

/**
 * A line for the terminal with a button that copies it. Where the browser offers no clipboard (a
 * page that is neither on localhost nor on https) there is no button.
 */
export function CopyableCode({ text }: { readonly text: string }) {
  const [copied, setCopied] = useState(false);

  async function copy() {
    await navigator.clipboard.writeText(text);
    setCopied(true);
  }

  return (
    <div className="code">
      <pre>{text}</pre>
      {navigator.clipboard !== undefined && (
        <button type="button" onClick={copy}>
          {copied ? 'Copied' : 'Copy'}
        </button>
      )}
    </div>
  );
}
