package dev.runcast.http.api.batch;

import static dev.runcast.testing.Await.await;
import static dev.runcast.testing.Await.until;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.runcast.engine.TriggerOrder;
import dev.runcast.engine.batch.BatchItems.Added;
import dev.runcast.engine.batch.BatchItems.Item;
import dev.runcast.http.ApiError;
import dev.runcast.http.ApiException;
import dev.runcast.http.api.batch.ItemStream.Total;
import dev.runcast.http.api.request.Lines;
import dev.runcast.http.limit.BodyClock;
import dev.runcast.run.EnvironmentId;
import dev.runcast.run.RunId;
import dev.runcast.run.RunStatus;
import dev.runcast.store.table.NewRun;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.RequestOptions;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Over a real connection: what counts is how the body is read. */
class ItemStreamIT {
  private static final Duration SHORT = Duration.ofSeconds(2);

  private final Vertx vertx = Vertx.vertx();
  private final AtomicInteger parsed = new AtomicInteger();
  private final List<Promise<Added>> writes = new CopyOnWriteArrayList<>();
  private final List<Integer> chunks = new CopyOnWriteArrayList<>();
  private final Promise<Void> ready = Promise.promise();
  private final Promise<Total> outcome = Promise.promise();
  private volatile Duration idle = Duration.ofHours(1);
  private HttpClient client;
  private int port;

  @BeforeEach
  void serve() {
    client = vertx.createHttpClient();
    port =
        await(vertx.createHttpServer().requestHandler(this::handle).listen(0, "127.0.0.1"))
            .actualPort();
  }

  @AfterEach
  void close() {
    await(vertx.close());
  }

  private void handle(HttpServerRequest request) {
    if (request.method().equals(HttpMethod.GET)) {
      request.response().end();
      return;
    }
    ItemStream stream = new ItemStream(new Lines(1_000_000), this::parse, this::write);
    BodyClock clock = new BodyClock(vertx, idle, () -> stream.giveUp(BodyClock.tooSlow(idle)));
    stream
        .read(request, ready.future(), clock)
        .onComplete(outcome)
        .onComplete(done -> request.response().end());
  }

  private Item parse(Lines.Line line) {
    if (line.text().toString().equals("bad")) {
      throw ApiException.unprocessable("item", "no");
    }
    int index = parsed.getAndIncrement();
    NewRun run =
        new NewRun(
            new EnvironmentId("env"),
            new RunId("run_" + index),
            RunStatus.PENDING,
            "t",
            List.of(),
            new NewRun.Origin(null, null, null, "batchTrigger"),
            NewRun.Traits.NONE,
            new NewRun.Contents(null, null, null, null, null, null, null));
    return new Item(index, new TriggerOrder(run, null, null, null, null));
  }

  private Future<Added> write(List<Item> items) {
    Promise<Added> written = Promise.promise();
    chunks.add(items.size());
    writes.add(written);
    return written.future();
  }

  private void written(int chunk) {
    until("chunk " + chunk + " is being written", () -> writes.size() > chunk);
    vertx.runOnContext(
        any -> writes.get(chunk).complete(new Added(chunks.get(chunk), 0, 7L + chunk, null)));
  }

  private HttpClientRequest post() {
    RequestOptions options =
        new RequestOptions().setMethod(HttpMethod.POST).setHost("127.0.0.1").setPort(port);
    return await(client.request(options)).setChunked(true);
  }

  /** Until the server has had the time to read what it is sent, if it reads at all. */
  private void letTheServerTurn() {
    for (int i = 0; i < 20; i++) {
      try (InputStream empty = URI.create("http://127.0.0.1:" + port + "/").toURL().openStream()) {
        assertThat(empty.read()).isEqualTo(-1);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  @Test
  void readsNoFurtherWhileAChunkIsBeingWritten() {
    ready.complete();
    HttpClientRequest request = post();
    String lines = "{}\n".repeat(100);

    await(request.write(lines));
    until("the first chunk is being written", () -> writes.size() == 1);
    request.write(lines);
    request.write(lines);
    letTheServerTurn();

    assertThat(parsed).hasValue(chunks.get(0));
    assertThat(writes).hasSize(1);
    request.end();
    for (int chunk = 0; !outcome.future().isComplete(); chunk++) {
      int next = chunk;
      until(
          "the next chunk or the end", () -> writes.size() > next || outcome.future().isComplete());
      if (writes.size() > next) {
        written(next);
      }
    }
    Total total = await(outcome.future());
    assertThat(total.accepted()).isEqualTo(300);
    assertThat(total.position()).isEqualTo(6L + writes.size());
  }

  @Test
  void parsesNothingBeforeItIsReady() {
    HttpClientRequest request = post();
    await(request.write("{}\n"));
    letTheServerTurn();
    assertThat(parsed).hasValue(0);

    ready.complete();
    request.end();
    written(0);

    assertThat(await(outcome.future()).accepted()).isEqualTo(1);
  }

  @Test
  void failsAtTheFirstBadItemAndLetsTheRestPass() {
    ready.complete();
    HttpClientRequest request = post();
    await(request.write("{}\nbad\n"));

    assertThatThrownBy(() -> await(outcome.future())).isInstanceOf(ApiException.class);
    assertThat(await(request.response()).statusCode()).isEqualTo(200);

    await(request.write("{}\n".repeat(100_000)));
    await(request.end());
    assertThat(parsed).hasValue(1);
    assertThat(writes).isEmpty();
  }

  @Test
  void failsWhenTheClientIsGone() {
    ready.complete();
    HttpClientRequest request = post();
    await(request.write(Buffer.buffer("{}\n")));
    letTheServerTurn();
    request.reset();

    assertThatThrownBy(() -> await(outcome.future()))
        .isInstanceOfAny(RuntimeException.class, AssertionError.class);
    assertThat(writes).isEmpty();
  }

  @Test
  void givesUpOnAClientThatSendsNothingMore() {
    idle = SHORT;
    ready.complete();
    HttpClientRequest request = post();
    await(request.write("one\ntw"));

    until("the client was waited for long enough", () -> outcome.future().isComplete());

    assertThat(outcome.future().cause())
        .isInstanceOfSatisfying(
            ApiException.class, late -> assertThat(late.error()).isEqualTo(ApiError.TIMEOUT));
    assertThat(parsed).hasValue(1);
  }

  @Test
  void doesNotHoldASlowDatabaseAgainstTheClient() {
    idle = SHORT;
    HttpClientRequest request = post();
    request.end("one\ntwo\n");
    await(vertx.timer(SHORT.toMillis() + 500, TimeUnit.MILLISECONDS));
    ready.complete();
    written(0);

    assertThat(await(outcome.future()).accepted()).isEqualTo(2);
  }
}
