import { defaultKeymap, history, historyKeymap } from '@codemirror/commands';
import { json } from '@codemirror/lang-json';
import { bracketMatching, HighlightStyle, syntaxHighlighting } from '@codemirror/language';
import { EditorState } from '@codemirror/state';
import { EditorView, keymap } from '@codemirror/view';
import { tags } from '@lezer/highlight';
import { useEffect, useRef } from 'react';
import { styleNonce } from '../../lib/styleNonce.ts';

interface Props {
  readonly label: string;
  /** What it begins with. */
  readonly text: string;
  readonly onChange: (text: string) => void;
  /** Whether it has a page to itself. */
  readonly tall?: boolean;
}

const LOOK = EditorView.theme({
  '&': {
    border: '1px solid var(--line)',
    borderRadius: 'var(--mantine-radius-md)',
    background: 'var(--code)',
    fontSize: '0.8125rem',
    maxHeight: '24rem',
  },
  '&.cm-focused': { outline: '2px solid var(--accent)' },
  '.cm-scroller': { fontFamily: 'var(--mantine-font-family-monospace)', minHeight: '10rem' },
  '.cm-content': { caretColor: 'var(--ink)' },
  '.cm-cursor': { borderLeftColor: 'var(--ink)' },
});

const TALL = EditorView.theme({
  '&': { maxHeight: '60vh' },
  '.cm-scroller': { minHeight: '22rem' },
});

const COLOURS = HighlightStyle.define([
  { tag: tags.propertyName, color: 'light-dark(#1c4c9f, #9dbdf8)' },
  { tag: tags.string, color: 'light-dark(#0f6a4b, #7fd3ae)' },
  { tag: [tags.number, tags.bool, tags.null], color: 'light-dark(#9a4a00, #f0b277)' },
]);

/** A place to write JSON. */
export function JsonEditor({ label, text, onChange, tall = false }: Props) {
  const place = useRef<HTMLDivElement>(null);
  const tell = useRef(onChange);
  tell.current = onChange;
  useEffect(() => {
    const parent = place.current;
    if (parent === null) {
      return;
    }
    const view = new EditorView({
      parent,
      state: EditorState.create({
        doc: text,
        extensions: [
          EditorView.cspNonce.of(styleNonce()),
          EditorView.contentAttributes.of({ 'aria-label': label }),
          EditorView.lineWrapping,
          EditorView.updateListener.of((update) => {
            if (update.docChanged) {
              tell.current(update.state.doc.toString());
            }
          }),
          history(),
          bracketMatching(),
          // Tab leaves the editor, as it leaves any other field.
          keymap.of([...defaultKeymap, ...historyKeymap]),
          json(),
          syntaxHighlighting(COLOURS),
          tall ? [TALL, LOOK] : LOOK,
        ],
      }),
    });
    return () => view.destroy();
  }, [label, text, tall]);
  return <div ref={place} />;
}
