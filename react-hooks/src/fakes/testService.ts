import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type WebSocket, WebSocketServer } from 'ws';

/** What a client sent on a socket. */
export interface Command {
  readonly type: string;
  readonly subscription?: string;
  readonly feed?: string;
  readonly after?: string;
  readonly token?: string;
}

/** A connection of a client, as the service sees it. */
export class Peer {
  readonly commands: Command[] = [];
  readonly #socket: WebSocket;

  constructor(socket: WebSocket) {
    this.#socket = socket;
    socket.on('message', (text) => this.#take(JSON.parse(String(text))));
  }

  tell(subscription: string, event: string, data: unknown, id?: string): void {
    this.#socket.send(JSON.stringify({ subscription, event, id, data }));
  }

  /** Any text at all. */
  say(text: string): void {
    this.#socket.send(text);
  }

  /** Stays open and answers nothing any more. */
  goDeaf(): void {
    this.#socket.removeAllListeners('message');
  }

  /** As when a cable is cut. */
  cut(): void {
    this.#socket.terminate();
  }

  get isOpen(): boolean {
    return this.#socket.readyState === 1;
  }

  #take(command: Command): void {
    if (command.subscription === 'ping') {
      this.tell('ping', 'end', { reason: 'unsubscribed', retryable: false });
    } else {
      this.commands.push(command);
    }
  }
}

/** An HTTP server of this machine, of which a test says what it answers. */
export class TestService {
  readonly peers: Peer[] = [];
  readonly requests: IncomingMessage[] = [];
  /** What is answered to a request that opens no socket. */
  answer: (request: IncomingMessage, response: ServerResponse) => void = (_, response) =>
    json(response, 404, { error: 'nothing here' });
  takesSockets = true;
  #server: Server;
  readonly #sockets = new WebSocketServer({ noServer: true });

  private constructor() {
    this.#server = this.#make();
  }

  static async start(): Promise<TestService> {
    const service = new TestService();
    await service.#listen(0);
    return service;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** Waits until something holds, which it must within the time that a test has. */
  async until(condition: () => boolean): Promise<void> {
    while (!condition()) {
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
  }

  async stop(): Promise<void> {
    for (const client of this.#sockets.clients) {
      client.terminate();
    }
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #make(): Server {
    const server = createServer((request, response) => {
      this.requests.push(request);
      this.answer(request, response);
    });
    server.on('upgrade', (request, socket, head) => {
      if (!this.takesSockets) {
        socket.end('HTTP/1.1 403 Forbidden\r\nconnection: close\r\n\r\n');
        return;
      }
      this.#sockets.handleUpgrade(request, socket, head, (opened) => {
        this.peers.push(new Peer(opened));
      });
    });
    return server;
  }

  #listen(port: number): Promise<void> {
    return new Promise((resolve) => this.#server.listen(port, '127.0.0.1', resolve));
  }
}

/** An answer of JSON. */
export function json(
  response: ServerResponse,
  status: number,
  body: unknown,
  headers: Record<string, string> = {},
): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers });
  response.end(JSON.stringify(body));
}

/** The head of an answer of events, which stays open. */
export function events(response: ServerResponse): void {
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  response.write(': hello\n\n');
}

/** One event. */
export function event(response: ServerResponse, name: string, data: unknown, id: string): void {
  response.write(`id: ${id}\nevent: ${name}\ndata: ${JSON.stringify(data)}\n\n`);
}
