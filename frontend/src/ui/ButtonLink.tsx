import { Button, type ButtonProps } from '@mantine/core';
import { createLink } from '@tanstack/react-router';
import type { AnchorHTMLAttributes, Ref } from 'react';

interface Props
  extends ButtonProps,
    Omit<AnchorHTMLAttributes<HTMLAnchorElement>, keyof ButtonProps> {
  readonly ref?: Ref<HTMLAnchorElement>;
}

function Anchor(props: Props) {
  return <Button component="a" {...props} />;
}

/** Leads to another page, and looks like a button. */
export const ButtonLink = createLink(Anchor);
