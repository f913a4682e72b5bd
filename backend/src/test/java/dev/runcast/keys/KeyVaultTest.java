package dev.runcast.keys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.runcast.config.Secret;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.junit.jupiter.api.Test;

class KeyVaultTest {
  private static final Secret KEY = new Secret("tr_dev_abcdefghijklmnopqrstuvwxyz");

  private final KeyVault vault = new KeyVault(MasterKey.generate());

  @Test
  void opensWhatItSealed() {
    assertThat(vault.open(vault.seal(KEY))).isEqualTo(KEY);
  }

  @Test
  void opensAfterARestartWithTheSameMasterKey() {
    MasterKey master = MasterKey.generate();
    byte[] sealed = new KeyVault(master).seal(KEY);

    assertThat(new KeyVault(MasterKey.parse(master.text())).open(sealed)).isEqualTo(KEY);
  }

  @Test
  void sealsTheSameKeyDifferentlyEachTime() {
    assertThat(vault.seal(KEY)).isNotEqualTo(vault.seal(KEY));
  }

  @Test
  void showsNothingOfTheKey() {
    String sealed = new String(vault.seal(KEY), StandardCharsets.ISO_8859_1);

    assertThat(sealed).doesNotContain("tr_dev").doesNotContain("abcdef");
  }

  @Test
  void opensOnlyAtThePlaceThatItSealedFor() {
    byte[] sealed = vault.seal(KEY, "here");

    assertThat(vault.open(sealed, "here")).isEqualTo(KEY);
    assertThatThrownBy(() -> vault.open(sealed, "there")).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> vault.open(sealed)).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void tellsTextsApartOnlyToWhoHasTheMasterKey() {
    byte[] text = {1, 2, 3};

    assertThat(vault.fingerprint(text)).isEqualTo(vault.fingerprint(text.clone())).hasSize(32);
    assertThat(vault.fingerprint(text)).isNotEqualTo(vault.fingerprint(new byte[] {1, 2}));
    assertThat(vault.fingerprint(text))
        .isNotEqualTo(new KeyVault(MasterKey.generate()).fingerprint(text));
  }

  @Test
  void refusesAnotherMasterKey() {
    byte[] sealed = new KeyVault(MasterKey.generate()).seal(KEY);

    assertThatThrownBy(() -> vault.open(sealed))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining(vault.masterKeyId());
  }

  @Test
  void refusesEveryAlteredByte() {
    byte[] sealed = vault.seal(KEY);
    for (int i = 0; i < sealed.length; i++) {
      byte[] altered = sealed.clone();
      altered[i] ^= 1;

      assertThatThrownBy(() -> vault.open(altered)).isInstanceOf(IllegalStateException.class);
    }
  }

  @Test
  void refusesEveryTruncation() {
    byte[] sealed = vault.seal(KEY);
    for (int length = 0; length < sealed.length; length++) {
      byte[] cut = java.util.Arrays.copyOf(sealed, length);

      assertThatThrownBy(() -> vault.open(cut)).isInstanceOf(IllegalStateException.class);
    }
  }

  @Test
  void readsAMasterKeyInHexAndBase64() {
    byte[] bytes = new byte[32];
    bytes[0] = (byte) 0xab;
    MasterKey hex = MasterKey.parse(new Secret("ab" + "00".repeat(31)));
    MasterKey base64 = MasterKey.parse(new Secret(Base64.getEncoder().encodeToString(bytes)));

    assertThat(hex.id()).isEqualTo(base64.id()).isNotEqualTo(MasterKey.generate().id());
  }

  @Test
  void printsNoMasterKey() {
    MasterKey master = MasterKey.generate();

    assertThat(master.toString()).doesNotContain(master.text().reveal());
    assertThat(master.text().reveal()).hasSize(44);
  }
}
