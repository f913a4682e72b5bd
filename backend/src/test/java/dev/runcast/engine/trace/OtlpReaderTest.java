package dev.runcast.engine.trace;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.runcast.engine.trace.OtlpReader.Entries;
import dev.runcast.engine.trace.OtlpReader.Entry;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.junit.jupiter.api.Test;

class OtlpReaderTest {
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final String RUN =
      "{'key':'$metadata.ctx.run.id','value':{'stringValue':'run_a'}}";

  private static JsonNode json(String quoted) {
    try {
      return MAPPER.readTree(quoted.replace('\'', '"'));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Entries spans(String... spans) {
    return OtlpReader.spans(
        json(
            "{'resourceSpans':[{'resource':{'attributes':[{'key':'ctx.environment.id','value':{'stringValue':'env_a'}}]},"
                + "'scopeSpans':[{'spans':["
                + String.join(",", spans)
                + "]}]}]}"));
  }

  private static Entries logs(String... logs) {
    return OtlpReader.logs(
        json("{'resourceLogs':[{'scopeLogs':[{'logRecords':[" + String.join(",", logs) + "]}]}]}"));
  }

  private static JsonNode only(Entries entries) {
    assertThat(entries.leftOut()).isZero();
    assertThat(entries.entries()).hasSize(1);
    return json(entries.entries().get(0).text().replace("'", "’"));
  }

  @Test
  void aSpanIsToldWithItsPlaceItsTimesAndTheAttributesOfItsAuthor() {
    Entries read =
        spans(
            "{'traceId':'t1','spanId':'s1','parentSpanId':'s0','name':'Attempt 1',"
                + "'startTimeUnixNano':'1700000000123456789','endTimeUnixNano':'1700000001000000000',"
                + "'status':{'code':2,'message':'broke'},'attributes':["
                + RUN
                + ",{'key':'$metadata.ctx.attempt.number','value':{'intValue':'2'}}"
                + ",{'key':'$style.icon','value':{'stringValue':'task'}}"
                + ",{'key':'big','value':{'intValue':'9007199254740993'}}"
                + ",{'key':'list','value':{'arrayValue':{'values':[{'doubleValue':1.5},{'boolValue':true}]}}}"
                + ",{'key':'tree','value':{'kvlistValue':{'values':[{'key':'a','value':{'stringValue':'b'}}]}}}],"
                + "'events':[{'name':'exception','timeUnixNano':'1700000000500000000','attributes':["
                + "{'key':'exception.message','value':{'stringValue':'broke'}}]}]}");

    Entry entry = read.entries().get(0);
    assertThat(entry.environment()).isEqualTo("env_a");
    assertThat(entry.run().value()).isEqualTo("run_a");
    assertThat(only(read))
        .isEqualTo(
            json(
                "{'type':'span','id':'s1','parent':'s0','trace':'t1','name':'Attempt 1',"
                    + "'at':'2023-11-14T22:13:20.123456789Z','end':'2023-11-14T22:13:21Z',"
                    + "'status':'error','message':'broke','events':[{'name':'exception',"
                    + "'at':'2023-11-14T22:13:20.500Z','attributes':{'exception.message':'broke'}}],"
                    + "'attempt':2,'attributes':{'big':9007199254740993,'list':[1.5,true],'tree':{'a':'b'}}}"));
  }

  @Test
  void aMarkOfABeginNamesTheSpanThatIsToCome() {
    JsonNode entry =
        only(
            spans(
                "{'spanId':'mark','name':'run()','startTimeUnixNano':'1700000000000000000',"
                    + "'endTimeUnixNano':'1700000000000000000','attributes':["
                    + RUN
                    + ",{'key':'$span.partial','value':{'boolValue':true}}"
                    + ",{'key':'$span.span_id','value':{'stringValue':'s1'}}]}"));

    assertThat(entry.path("id").asText()).isEqualTo("s1");
    assertThat(entry.path("partial").asBoolean()).isTrue();
    assertThat(entry.has("end")).isFalse();
    assertThat(entry.has("attributes")).isFalse();
  }

  @Test
  void aLogIsToldWithItsLevelAndText() {
    JsonNode entry =
        only(
            logs(
                "{'timeUnixNano':'1700000000000000000','severityNumber':17,'severityText':'odd','spanId':'s1',"
                    + "'body':{'stringValue':'it broke'},'attributes':["
                    + RUN
                    + ",{'key':'user','value':{'stringValue':'1'}}]}"));

    assertThat(entry)
        .isEqualTo(
            json(
                "{'type':'log','parent':'s1','at':'2023-11-14T22:13:20Z','level':'error',"
                    + "'name':'it broke','attributes':{'user':'1'}}"));
  }

  @Test
  void levelsWithoutANumberGoByTheirName() {
    for (String[] each :
        new String[][] {
          {"Log", "info"}, {"WARN", "warn"}, {"debug", "debug"}, {"fatal", "error"}
        }) {
      JsonNode entry =
          only(
              logs(
                  "{'observedTimeUnixNano':'1','severityText':'%s','body':{'kvlistValue':{}},'attributes':[%s]}"
                      .formatted(each[0], RUN)));
      assertThat(entry.path("level").asText()).isEqualTo(each[1]);
    }
  }

  @Test
  void whatIsOfNoRunOrCannotBeReadIsLeftOutAndCounted() {
    String good = "{'spanId':'s1','startTimeUnixNano':'1','attributes':[" + RUN + "]}";

    Entries read =
        spans(
            "{'spanId':'s1','startTimeUnixNano':'1'}",
            "{'startTimeUnixNano':'1','attributes':[" + RUN + "]}",
            "{'spanId':'s1','startTimeUnixNano':'soon','attributes':[" + RUN + "]}",
            "{'spanId':'s1','startTimeUnixNano':'99999999999999999999','attributes':[" + RUN + "]}",
            "7",
            "{'spanId':'s1','startTimeUnixNano':'1','attributes':[{'key':'ctx.run.id','value':{'stringValue':'../../x'}}]}",
            good);

    assertThat(read.leftOut()).isEqualTo(6);
    assertThat(read.entries()).hasSize(1);
  }

  @Test
  void anyShapeIsReadWithoutFailing() {
    for (String odd :
        new String[] {
          "{}",
          "{'resourceSpans':7}",
          "{'resourceSpans':[7,null,[]]}",
          "{'resourceSpans':[{'resource':7,'scopeSpans':{'spans':7}}]}"
        }) {
      assertThat(OtlpReader.spans(json(odd)).entries()).isEmpty();
      assertThat(OtlpReader.logs(json(odd)).entries()).isEmpty();
    }
  }

  @Test
  void whatIsTooLongIsCutAndSaysSo() {
    String long100k = "x".repeat(100_000);
    JsonNode entry =
        only(
            logs(
                "{'timeUnixNano':'1','body':{'stringValue':'%s'},'attributes':[%s,{'key':'a','value':{'stringValue':'%s'}}]}"
                    .formatted(long100k, RUN, long100k)));

    assertThat(entry.path("truncated").asBoolean()).isTrue();
    assertThat(entry.has("attributes")).isFalse();
    assertThat(entry.path("name").asText()).hasSizeLessThan(10_000).endsWith("…");
  }
}
