import { publicToken } from '../../../service';

interface Context {
  readonly params: Promise<{ readonly id: string }>;
}

/** The next token, for a page that is still open. */
export async function GET(_request: Request, { params }: Context): Promise<Response> {
  return new Response(await publicToken((await params).id));
}
