package dev.runcast.http.realtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.runcast.http.ApiError;
import dev.runcast.http.ApiException;
import dev.runcast.http.auth.Principals;
import dev.runcast.hub.tally.Sums;
import dev.runcast.run.BatchId;
import dev.runcast.run.EnvironmentId;
import dev.runcast.run.Filter;
import dev.runcast.run.Filter.Narrowing;
import dev.runcast.run.RunId;
import dev.runcast.run.RunStatus;
import dev.runcast.run.place.Cursor;
import dev.runcast.subscribe.SubscribeRequest;
import io.vertx.core.MultiMap;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SubscribeParserTest {
  private static final Instant NOW = Instant.parse("2026-01-02T03:04:05.678Z");
  private static final EnvironmentId ENV = new EnvironmentId("env");
  private static final String CURSOR = "1-a.100.0-2A.3";
  private static final String OLDER_CURSOR = "1-a.99.0-29.1";

  private final AtomicReference<Instant> now = new AtomicReference<>(NOW);
  private final SubscribeParser parser = new SubscribeParser(now::get);

  @Test
  void readsASingleRun() {
    FeedRequest feed = parser.run(Principals.owner(ENV), new RunId("run_1"), query(""));

    assertThat(feed.subscribe().filter())
        .isEqualTo(new Filter.ByRun(ENV, new RunId("run_1"), Narrowing.NONE));
    assertThat(feed.subscribe().after()).isNull();
    assertThat(feed.subscribe().fromNow()).isFalse();
    assertThat(feed.subscribe().stopOnCompletion()).isFalse();
    assertThat(feed.needed()).isEmpty();
    assertThat(feed.idSuffix()).isEmpty();
  }

  @Test
  void readsABatch() {
    FeedRequest feed = parser.batch(Principals.owner(ENV), new BatchId("batch_1"), query(""));

    assertThat(feed.subscribe().filter())
        .isEqualTo(new Filter.ByBatch(ENV, new BatchId("batch_1"), Narrowing.NONE));
    assertThat(feed.needed())
        .extracting(Object::toString)
        .containsExactly("read:batch:batch_1", "read:runs");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "tags=a,b | a;b",
        "tags=a&tags=b | a;b",
        "tag=a&tag=b | a;b",
        "tag=a%2Cb | a,b",
        "tags=user:1 | user:1",
        "tags=a,a | a",
        "tags=a&tag=b | a;b",
      })
  void readsTagsInBothForms(String text, String tags) {
    FeedRequest feed = runs(text);

    assertThat(feed.subscribe().filter())
        .isEqualTo(new Filter.ByTags(ENV, Set.of(tags.split(";", -1)), Narrowing.NONE));
    assertThat(feed.needed()).extracting(Object::toString).contains("read:runs");
  }

  @Test
  void readsTheEnvironmentAndTheChildrenOfARun() {
    assertThat(runs("").subscribe().filter())
        .isEqualTo(new Filter.ByEnvironment(ENV, Narrowing.NONE));
    assertThat(runs("parent=run_1").subscribe().filter())
        .isEqualTo(new Filter.ByParent(ENV, new RunId("run_1"), Narrowing.NONE));
    assertThat(runs("parent=run_1").needed())
        .extracting(Object::toString)
        .containsExactly("read:runs", "read:runs:run_1");
  }

  @Test
  void narrowsByStatusAndTask() {
    Narrowing narrowing =
        runs("status=QUEUED,WAITING&taskIdentifier=a&taskIdentifier=b")
            .subscribe()
            .filter()
            .narrowing();

    assertThat(narrowing.statuses())
        .containsExactlyInAnyOrder(
            RunStatus.PENDING, RunStatus.WAITING_TO_RESUME, RunStatus.PAUSED);
    assertThat(narrowing.tasks()).containsExactlyInAnyOrder("a", "b");
  }

  @Test
  void pinsARelativeBoundAtTheFirstRequest() {
    FeedRequest first = runs("createdAt=1h");
    now.set(NOW.plus(Duration.ofMinutes(50)));

    FeedRequest again = runs("createdAt=1h", CURSOR + first.idSuffix());

    assertThat(createdAfter(first)).isEqualTo(Instant.parse("2026-01-02T02:04:05Z"));
    assertThat(createdAfter(again)).isEqualTo(createdAfter(first));
    assertThat(again.idSuffix()).isEqualTo(first.idSuffix());
    assertThat(again.subscribe().after()).isEqualTo(Cursor.parse(CURSOR));
  }

  @Test
  void pinsNowWhereTheCursorIsOfAnotherPlace() {
    FeedRequest fromRest = runs("createdAt=1h&after=" + CURSOR);

    assertThat(createdAfter(fromRest)).isEqualTo(Instant.parse("2026-01-02T02:04:05Z"));
    assertThat(fromRest.idSuffix()).isNotEmpty();
  }

  @Test
  void needsNoPinForAnInstant() {
    FeedRequest feed = runs("createdAt=2026-01-01T00:00:00Z", CURSOR + "~zzz");

    assertThat(createdAfter(feed)).isEqualTo(Instant.parse("2026-01-01T00:00:00Z"));
    assertThat(feed.idSuffix()).isEmpty();
  }

  @Test
  void takesTheHeaderBeforeTheParameter() {
    FeedRequest feed = runs("after=" + OLDER_CURSOR, CURSOR);

    assertThat(feed.subscribe().after()).isEqualTo(Cursor.parse(CURSOR));
    assertThat(feed.subscribe().fromNow()).isFalse();
  }

  @Test
  void remembersThatAFeedBeganFromNow() {
    FeedRequest feed = runs("after=now", CURSOR);

    assertThat(feed.subscribe().after()).isEqualTo(Cursor.parse(CURSOR));
    assertThat(feed.subscribe().fromNow()).isTrue();
  }

  @Test
  void startsFromNowWhenAsked() {
    FeedRequest feed = runs("after=now", "");

    assertThat(feed.subscribe().after()).isNull();
    assertThat(feed.subscribe().fromNow()).isTrue();
  }

  @ParameterizedTest
  @CsvSource({
    "stopOnCompletion, true",
    "stopOnCompletion=true, true",
    "stopOnCompletion=1, true",
    "stopOnCompletion=false, false",
    "stopOnCompletion=0, false",
  })
  void readsFlags(String text, boolean expected) {
    FeedRequest feed = parser.run(Principals.owner(ENV), new RunId("run_1"), query(text));

    assertThat(feed.subscribe().stopOnCompletion()).isEqualTo(expected);
  }

  @Test
  void skipsColumnsUnderEitherName() {
    assertThat(
            runs("skipColumns=payload,output&skipColumns=runTags").subscribe().columns().skipped())
        .containsExactlyInAnyOrder("payload", "output", "tags");
    assertThat(runs("skipColumns=id,status,payload").subscribe().columns().skipped())
        .containsExactly("payload");
  }

  @Test
  void skipsWhatTheTokenSaysWhateverIsAsked() {
    var bearer = Principals.bearerSkipping(ENV, "payload", "completedAt");

    assertThat(parser.runs(bearer, query("skipColumns=output")).subscribe().columns().skipped())
        .containsExactlyInAnyOrder("payload", "finishedAt");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "tags= | tags",
        "tags=a,,b | tags",
        "tags=a%00 | tags",
        "tag= | tag",
        "parent=run-1 | parent",
        "parent= | parent",
        "parent=run_1&parent=run_2 | parent",
        "parent=run_1&tags=a | tags",
        "parent=run_1&tag=a | tag",
        "createdAt=soon | createdAt",
        "createdAt= | createdAt",
        "createdAt=1h&createdAt=2h | createdAt",
        "createdAt=2026-13-01T00:00:00Z | createdAt",
        "createdAt=+999999999-01-01T00:00:00Z | createdAt",
        "createdAt=-999999999-01-01T00:00:00Z | createdAt",
        "after=then | after",
        "after= | after",
        "after=1-a.100~zzzzzzzzzzzz | after",
        "after=1-a.100~ | after",
        "after=now&after=now | after",
        "skipColumns= | skipColumns",
        "stopOnCompletion=true | stopOnCompletion",
        "status= | status",
        "status=queued | status",
        "status=DELETED | status",
        "status=QUEUED,NEVER | status",
        "taskIdentifier=a,,b | taskIdentifier",
      })
  void namesTheParameterThatIsWrong(String text, String parameter) {
    assertThatThrownBy(() -> runs(text))
        .isInstanceOfSatisfying(ApiException.class, e -> assertNames(e, parameter));
  }

  @Test
  void refusesTooManyTags() {
    assertThatThrownBy(() -> runs("tags=" + "a,".repeat(10) + String.join(",", numbers(40))))
        .isInstanceOf(ApiException.class);
    assertThatThrownBy(() -> runs("tags=" + String.join(",", numbers(33))))
        .isInstanceOfSatisfying(ApiException.class, e -> assertNames(e, "tags"));
    assertThat(runs("tags=" + String.join(",", numbers(32))).subscribe().filter())
        .isInstanceOf(Filter.ByTags.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"tags=a", "tag=a", "parent=run_2", "createdAt=1h", "include=counts"})
  void refusesOnASingleRunWhatMeansNothingThere(String text) {
    String parameter = text.substring(0, text.indexOf('='));

    assertThatThrownBy(() -> parser.run(Principals.owner(ENV), new RunId("run_1"), query(text)))
        .isInstanceOfSatisfying(ApiException.class, e -> assertNames(e, parameter));
  }

  @ParameterizedTest
  @CsvSource({"50ms,50", "500ms,500", "2s,2000", "1m,60000", "60000ms,60000"})
  void takesAPaceForIntermediateStates(String text, long milliseconds) {
    assertThat(runs("sample=" + text).subscribe().sample())
        .isEqualTo(Duration.ofMillis(milliseconds));
    assertThat(runs("").subscribe().sample()).isZero();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "49ms", "0s", "61s", "60001ms", "500", "-1s", "ms", "0.5s", "1h"})
  void refusesAPaceThatNobodyCanKeepAndSaysWhichCanBe(String text) {
    assertThatThrownBy(() -> runs("sample=" + text))
        .isInstanceOfSatisfying(
            ApiException.class,
            e -> {
              assertNames(e, "sample");
              assertThat(e.sentence()).contains("50ms", "60s");
            });
  }

  @Test
  void readsWhatIsToldBesideRowsOrInsteadOfThem() {
    assertThat(runs("").subscribe().sums()).isEqualTo(Sums.NONE);
    assertThat(runs("").subscribe().rows()).isTrue();
    assertThat(runs("include=counts").subscribe().sums()).isEqualTo(new Sums(true, false, false));
    assertThat(runs("include=counts,digest").subscribe().sums())
        .isEqualTo(new Sums(true, true, false));
    assertThat(runs("include=buckets").subscribe().sums()).isEqualTo(new Sums(false, true, true));
    assertThat(runs("buckets=255,0,7").subscribe().repair()).containsExactlyInAnyOrder(0, 7, 255);
    assertThat(runs("include=counts&after=now").subscribe().rows()).isTrue();
    SubscribeRequest rowless = runs("rows=none&include=counts&status=QUEUED", CURSOR).subscribe();
    assertThat(rowless.rows()).isFalse();
    assertThat(rowless.sums()).isEqualTo(new Sums(true, false, false));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "include=rows | include",
        "include= | include",
        "include=digest&after=now | include",
        "include=counts&rows=all | rows",
        "rows=none | rows",
        "rows=none&include=digest | rows",
        "rows=none&include=counts,digest | include",
        "rows=none&include=counts&after=now | after",
        "rows=none&include=counts&skipColumns=payload | skipColumns",
        "rows=none&include=counts&buckets=1 | buckets",
        "after=now&buckets=1 | buckets",
        "buckets=256 | buckets",
        "buckets=-1 | buckets",
        "buckets=1e2 | buckets",
      })
  void refusesWhatSaysNothingTogether(String text, String parameter) {
    assertThatThrownBy(() -> runs(text))
        .isInstanceOfSatisfying(ApiException.class, e -> assertNames(e, parameter));
  }

  @Test
  void namesTheHeaderThatIsWrong() {
    assertThatThrownBy(() -> runs("", "42"))
        .isInstanceOfSatisfying(ApiException.class, e -> assertNames(e, "Last-Event-ID"));
  }

  private static void assertNames(ApiException e, String parameter) {
    assertThat(e.error()).isEqualTo(ApiError.BAD_REQUEST);
    assertThat(e.param()).isEqualTo(parameter);
    assertThat(e.sentence()).contains(parameter);
  }

  private static String[] numbers(int count) {
    String[] numbers = new String[count];
    for (int i = 0; i < count; i++) {
      numbers[i] = "t" + i;
    }
    return numbers;
  }

  private static Instant createdAfter(FeedRequest feed) {
    return feed.subscribe().filter().narrowing().createdAfter();
  }

  private FeedRequest runs(String text) {
    return runs(text, null);
  }

  private FeedRequest runs(String text, String lastEventId) {
    return parser.runs(Principals.owner(ENV), new FeedQuery(query(text).parameters(), lastEventId));
  }

  private static FeedQuery query(String text) {
    MultiMap parameters = MultiMap.caseInsensitiveMultiMap();
    if (!text.isEmpty()) {
      for (String pair : text.split("&", -1)) {
        String[] parts = pair.split("=", 2);
        String value = parts.length == 2 ? parts[1].replace("+", "%2B") : "";
        parameters.add(parts[0], URLDecoder.decode(value, StandardCharsets.UTF_8));
      }
    }
    return new FeedQuery(parameters, null);
  }
}
