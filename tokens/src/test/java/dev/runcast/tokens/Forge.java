package dev.runcast.tokens;

import com.nimbusds.jose.util.Base64URL;
import com.nimbusds.jose.util.JSONObjectUtils;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * Builds tokens byte by byte, right and wrong ones, without the code under test.
 *
 * @param payload the claims, from which {@link #with} and {@link #without} derive
 */
record Forge(Map<String, Object> payload) {
  static final String HS256 = "{\"alg\":\"HS256\"}";

  /** A correct token of one hour, to be spoilt in one respect. */
  static Forge genuine(String environment, long issuedAt) {
    Map<String, Object> claims = new LinkedHashMap<>();
    claims.put("sub", environment);
    claims.put("pub", true);
    claims.put("scopes", List.of("read:runs:run_1"));
    claims.put("iss", "https://id.trigger.dev");
    claims.put("aud", "https://api.trigger.dev");
    claims.put("exp", issuedAt + 3600);
    claims.put("iat", issuedAt);
    return new Forge(claims);
  }

  Forge with(String claim, @Nullable Object value) {
    Map<String, Object> claims = new LinkedHashMap<>(payload);
    claims.put(claim, value);
    return new Forge(claims);
  }

  Forge without(String claim) {
    Map<String, Object> claims = new LinkedHashMap<>(payload);
    claims.remove(claim);
    return new Forge(claims);
  }

  String json() {
    return JSONObjectUtils.toJSONString(payload);
  }

  String sign(String key) {
    return sign(HS256, json(), "HmacSHA256", key);
  }

  static String sign(String header, String payload, String algorithm, String key) {
    String input = Base64URL.encode(header) + "." + Base64URL.encode(payload);
    return input + "." + Base64URL.encode(mac(algorithm, key, input));
  }

  private static byte[] mac(String algorithm, String key, String input) {
    try {
      Mac mac = Mac.getInstance(algorithm);
      mac.init(new SecretKeySpec(key.getBytes(StandardCharsets.UTF_8), algorithm));
      return mac.doFinal(input.getBytes(StandardCharsets.US_ASCII));
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }
}
