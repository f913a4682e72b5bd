import { TextInput, type TextInputProps } from '@mantine/core';

interface Props extends Omit<TextInputProps, 'value' | 'onChange'> {
  readonly value: string;
  readonly onText: (text: string) => void;
}

/** A line of text to be typed. */
export function TextField({ onText, ...rest }: Props) {
  return <TextInput {...rest} onChange={(event) => onText(event.currentTarget.value)} />;
}
