import { baseURL, client, publicToken } from '../../service';
import { Order } from './Order';

/** What is rendered is how the run stands now. */
export const dynamic = 'force-dynamic';

interface Props {
  readonly params: Promise<{ readonly id: string }>;
}

/** Reads the run on the server; the page goes on from there. */
export default async function OrderPage({ params }: Props) {
  const { id } = await params;
  const [initialData, accessToken] = await Promise.all([
    client().snapshot({ run: id }),
    publicToken(id),
  ]);
  return <Order id={id} baseURL={baseURL} accessToken={accessToken} initialData={initialData} />;
}
