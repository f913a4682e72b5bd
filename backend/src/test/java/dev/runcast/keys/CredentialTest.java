package dev.runcast.keys;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runcast.config.Secret;
import dev.runcast.config.Setting;
import dev.runcast.config.SettingsLoader;
import java.util.HexFormat;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CredentialTest {

  @Test
  void makesKeysThatArePrefixedLongAndNeverTheSame() {
    String key = Credential.newSecretKey("dev").text().reveal();

    assertThat(key).matches("tr_dev_[0-9A-Za-z]{43}");
    assertThat(Credential.newSecretKey("dev").text().reveal()).isNotEqualTo(key);
    assertThat(Credential.newPersonalToken().text().reveal()).matches("tr_pat_[0-9A-Za-z]{43}");
  }

  @Test
  void whatItMakesCouldBePreset() {
    Map<Setting, String> flags =
        Map.of(
            Setting.SECRET_KEY, Credential.newSecretKey("dev").text().reveal(),
            Setting.PERSONAL_TOKEN, Credential.newPersonalToken().text().reveal(),
            Setting.ENCRYPTION_KEY, MasterKey.generate().text().reveal());

    assertThat(SettingsLoader.load(flags, Map.of())).isInstanceOf(SettingsLoader.Loaded.class);
  }

  @Test
  void isFoundByItsSha256() {
    assertThat(HexFormat.of().formatHex(new Credential(new Secret("abc")).digest()))
        .isEqualTo("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  }

  @Test
  void printsNoSecret() {
    assertThat(Credential.newSecretKey("dev").toString()).doesNotContain("tr_dev");
  }
}
