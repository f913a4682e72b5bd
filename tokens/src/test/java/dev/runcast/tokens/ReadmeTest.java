package dev.runcast.tokens;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The README's example compiles, works, and is the one below. */
class ReadmeTest {

  @Test
  void theExampleIssuesTokensThatVerify() {
    String environmentId = "env_1";
    String secretKey = "tr_dev_fakeKey";

    TokenIssuer issuer = new TokenIssuer(environmentId, SigningKey.of(secretKey));

    // for a page that shows one run, and whatever is tagged with its user
    String watch =
        issuer.issue(Grants.of("read:runs:run_1", "read:tags:user:1"), Expiry.parse("1h"));

    // for a button that may start one task, once, without showing what it was given
    PublicToken draft =
        issuer
            .draft(Grants.of("trigger:tasks:send-email"), Expiry.after(Duration.ofMinutes(5)))
            .withOneTimeUse()
            .withSkipColumns(List.of("payload"));
    String trigger = issuer.sign(draft);

    KeyRing ring = KeyRing.of(environmentId, KeyRing.Keys.of(SigningKey.of(secretKey)));
    TokenVerifier verifier = new TokenVerifier(InstantSource.system());
    assertThat(verifier.verify(watch, ring)).isInstanceOf(Verification.Valid.class);
    assertThat(verifier.verify(trigger, ring)).isInstanceOf(Verification.Valid.class);
  }

  @Test
  void theReadmeShowsTheExampleAboveWordForWord() throws IOException {
    String readme = Files.readString(Path.of("README.md"));
    String source = Files.readString(Path.of("src/test/java/dev/runcast/tokens/ReadmeTest.java"));
    int start = readme.indexOf("```java\n") + "```java\n".length();
    String example = readme.substring(start, readme.indexOf("```", start));

    assertThat(example).contains("issuer.issue");
    assertThat(withoutSpaces(source)).contains(withoutSpaces(example));
  }

  private static String withoutSpaces(String text) {
    return text.replaceAll("\\s", "");
  }
}
