import { metadata, task, wait } from '@trigger.dev/sdk';
import { child } from './waits.js';

/** Waits for one token after the other, and tells each as soon as it is there. */
export const hears = task({
  id: 'hears',
  run: async (payload: { tokens: number }) => {
    const words: string[] = [];
    for (let i = 0; i < payload.tokens; i++) {
      const token = await wait.createToken({ timeout: '1h' });
      metadata.set('token', token.id);
      await metadata.flush();
      const said = await wait.forToken<{ word: string }>(token);
      words.push(said.ok ? said.output.word : 'late');
    }
    return { words };
  },
});

/** Waits for children, one after the other, and tells how long each wait was, in milliseconds. */
export const waitsForMany = task({
  id: 'waits-for-many',
  run: async (payload: { children: number }) => {
    const waits: number[] = [];
    for (let n = 0; n < payload.children; n++) {
      const from = Date.now();
      await child.triggerAndWait({ n });
      waits.push(Date.now() - from);
    }
    return { waits };
  },
});
