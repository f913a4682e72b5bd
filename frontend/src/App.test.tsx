import { cleanup, fireEvent, render, screen } from '@testing-library/react';
import { afterEach, expect, it } from 'vitest';
import { App } from './App';

afterEach(cleanup);

it('says that the service is up and where it is', () => {
  render(<App baseUrl="http://127.0.0.1:3030" />);

  expect(screen.getByRole('heading', { level: 1 }).textContent).toBe('Runcast is up');
  expect(screen.getByText('http://127.0.0.1:3030').tagName).toBe('CODE');
});

it('copies the line beside the button', async () => {
  render(<App baseUrl="http://127.0.0.1:3030" />);

  const [, watch] = screen.getAllByRole('button', { name: 'Copy' });
  fireEvent.click(watch as HTMLElement);

  expect(await screen.findByRole('button', { name: 'Copied' })).toBe(watch);
  expect(await navigator.clipboard.readText()).toContain('http://127.0.0.1:3030/realtime/v1/runs');
});
