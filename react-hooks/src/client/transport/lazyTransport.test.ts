import { expect, it } from 'vitest';
import { FakeClock } from '../../fakes/fakeClock.js';
import { FakeLink } from '../../fakes/fakeLink.js';
import { LazyTransport } from './lazyTransport.js';
import type { Link, Transport } from './link.js';

class Loaded implements Transport {
  readonly links = new Set<Link>();

  open(link: Link): void {
    this.links.add(link);
  }

  close(link: Link): void {
    this.links.delete(link);
  }
}

const clock = new FakeClock();
const world = { clock, random: () => 0 };

it('is fetched once, when it is first needed, and carries what is still open by then', async () => {
  const loaded = new Loaded();
  let fetched = 0;
  const transport = new LazyTransport(world, async () => {
    fetched++;
    return loaded;
  });
  const [one, two, three] = [new FakeLink('/1'), new FakeLink('/2'), new FakeLink('/3')];
  expect(fetched).toBe(0);

  transport.open(one);
  transport.open(two);
  transport.close(one);
  await new Promise((resolve) => setTimeout(resolve));
  expect([...loaded.links]).toEqual([two]);
  transport.open(three);
  transport.close(two);

  expect([...loaded.links]).toEqual([three]);
  expect(fetched).toBe(1);
});

it('is asked for again where it can not be had', async () => {
  const loaded = new Loaded();
  let fetched = 0;
  const transport = new LazyTransport(world, async () => {
    if (++fetched < 3) {
      throw new TypeError('Failed to fetch dynamically imported module');
    }
    return loaded;
  });
  const link = new FakeLink('/1');
  transport.open(link);
  while (loaded.links.size === 0) {
    await new Promise((resolve) => setTimeout(resolve));
    clock.skipPause();
  }

  expect(fetched).toBe(3);
  expect(link.downs).toBe(2);
});
