package io.moiety.ra;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.resource.spi.ConfigProperty;
import java.beans.Introspector;
import java.beans.PropertyDescriptor;
import java.lang.reflect.Field;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** docs/adapter-reference.md lists the properties that there are. */
final class AdapterDocumentTest {

  private static final Path DOCUMENT = Path.of("../docs/adapter-reference.md");

  @ParameterizedTest
  @ValueSource(
      strings = {
        "io.moiety.ra.MoietyResourceAdapter",
        "io.moiety.ra.outbound.MoietyManagedConnectionFactory",
        "io.moiety.ra.inbound.MoietyActivationSpec"
      })
  void listsThePropertiesWithTheirTypesAndDefaults(String className) throws Exception {
    String text = Files.readString(DOCUMENT);
    String begin = "<!-- properties " + className + " -->\n";
    assertThat(text).contains(begin);
    int from = text.indexOf(begin) + begin.length();

    assertThat(text.substring(from, text.indexOf("<!-- end -->", from)))
        .isEqualTo(table(className));
  }

  private static String table(String className) throws Exception {
    Class<?> type = Class.forName(className);
    Object bean = type.getConstructor().newInstance();
    StringBuilder table =
        new StringBuilder("| property | type | default | |\n| --- | --- | --- | --- |\n");
    for (Field field : fields(type)) {
      ConfigProperty property = field.getAnnotation(ConfigProperty.class);
      if (property != null) {
        String value = String.valueOf(read(bean, field.getName()));
        table
            .append("| `")
            .append(field.getName())
            .append("` | ")
            .append(field.getType().getSimpleName())
            .append(" | ")
            .append(value.isEmpty() ? "" : "`" + value + "`")
            .append(" | ")
            .append(String.join("", property.description()).replace("|", "\\|"))
            .append(" |\n");
      }
    }
    return table.toString();
  }

  /** Those that all have first. */
  private static List<Field> fields(Class<?> type) {
    List<Field> fields = new ArrayList<>();
    if (type.getSuperclass() != Object.class) {
      fields.addAll(fields(type.getSuperclass()));
    }
    fields.addAll(Arrays.asList(type.getDeclaredFields()));
    return fields;
  }

  private static Object read(Object bean, String name) throws Exception {
    for (PropertyDescriptor property :
        Introspector.getBeanInfo(bean.getClass()).getPropertyDescriptors()) {
      if (property.getName().equals(name)) {
        return property.getReadMethod().invoke(bean);
      }
    }
    throw new AssertionError("There is no property " + name);
  }
}
