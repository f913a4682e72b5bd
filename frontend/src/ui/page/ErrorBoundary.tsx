import { Component, type ReactNode } from 'react';
import { ErrorNotice } from './ErrorNotice.tsx';

/** Shows what went wrong in the place of what could not be shown, and lets one try again. */
export class ErrorBoundary extends Component<{ readonly children: ReactNode }> {
  override state: { readonly error: unknown } = { error: undefined };

  static getDerivedStateFromError(error: unknown) {
    return { error };
  }

  readonly #again = () => this.setState({ error: undefined });

  override render() {
    const { error } = this.state;
    return error === undefined ? (
      this.props.children
    ) : (
      <ErrorNotice error={error} onAgain={this.#again} />
    );
  }
}
