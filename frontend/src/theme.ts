import { type CSSVariablesResolver, createTheme, type MantineColorsTuple } from '@mantine/core';

const signal: MantineColorsTuple = [
  '#eef4ff',
  '#dbe6fc',
  '#b3caf5',
  '#88adf0',
  '#6494eb',
  '#4d84e8',
  '#2f6fde',
  '#2259bd',
  '#1c4c9f',
  '#123f88',
];

/** Grounds and letters by night, of the tint that style.css has. */
const dark: MantineColorsTuple = [
  '#e6e9ef',
  '#c3cad6',
  '#a3acbb',
  '#7b8698',
  '#3a4352',
  '#2f3744',
  '#1e2530',
  '#171c24',
  '#10141a',
  '#0b0e13',
];

/** Quiet and dense: what stands out is a run's state, and what one can do. */
export const theme = createTheme({
  primaryColor: 'signal',
  primaryShade: { light: 7, dark: 6 },
  colors: { signal, dark },
  defaultRadius: 'md',
  fontFamily: 'system-ui, -apple-system, "Segoe UI", Roboto, sans-serif',
  fontFamilyMonospace: 'ui-monospace, SFMono-Regular, Menlo, Consolas, monospace',
  headings: { fontWeight: '600' },
  focusRing: 'auto',
  cursorType: 'pointer',
  components: { Modal: { defaultProps: { closeButtonProps: { 'aria-label': 'Close' } } } },
});

/** The components' own colours are those of style.css, which are easier to read. */
export const variables: CSSVariablesResolver = () => {
  const both = {
    '--mantine-color-body': 'var(--panel)',
    '--mantine-color-text': 'var(--ink)',
    '--mantine-color-dimmed': 'var(--quiet)',
    '--mantine-color-placeholder': 'var(--quiet)',
    '--mantine-color-error': 'var(--failed)',
    '--mantine-color-default-border': 'var(--line)',
    '--mantine-color-anchor': 'var(--accent)',
  };
  return { variables: {}, light: both, dark: both };
};
