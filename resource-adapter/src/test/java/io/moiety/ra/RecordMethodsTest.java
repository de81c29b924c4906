package io.moiety.ra;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.lang.ref.WeakReference;
import java.lang.reflect.Constructor;
import org.junit.jupiter.api.Test;

final class RecordMethodsTest {

  @Test
  void theJdkKeepsNoRecordOfAnAdapterThatWasStopped() throws Exception {
    WeakReference<ClassLoader> adapter = useRecordsAndForget();

    RecordMethods.forgetOurs();

    await()
        .untilAsserted(
            () -> {
              System.gc();
              assertThat(adapter.refersTo(null)).isTrue();
            });
  }

  private static WeakReference<ClassLoader> useRecordsAndForget() throws Exception {
    SecondLoader loader = new SecondLoader();
    Constructor<?> link = loader.loadAgain(LinkedRecord.class).getDeclaredConstructors()[0];
    link.setAccessible(true);
    Object one = link.newInstance("first", link.newInstance("last", null));
    Object other = link.newInstance("first", link.newInstance("last", null));
    assertThat(one.equals(other)).isTrue();
    assertThat(one.hashCode()).isEqualTo(other.hashCode());
    assertThat(one.toString()).isEqualTo(other.toString());
    return new WeakReference<>(loader);
  }
}
