package io.moiety.ra;

import static org.assertj.core.api.Assertions.assertThat;

import io.moiety.ra.checkback.MoietyCheckerSpec;
import io.moiety.ra.connection.BrokerProperties;
import jakarta.resource.spi.ConfigProperty;
import java.beans.Introspector;
import java.beans.PropertyDescriptor;
import java.lang.reflect.Field;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

/** {@code ra.xml} says what the beans do. */
final class DescriptorTest {

  /**
   * @param description empty where the bean has none
   */
  private record Property(String type, String value, String description, boolean confidential) {}

  /** What the servers set, which is not for those who configure. */
  private static final Set<String> NOT_CONFIGURED =
      Set.of(
          "class",
          "resourceAdapter",
          "logWriter",
          "transactionSupport",
          "reference",
          "queueName",
          "topicName");

  @ParameterizedTest
  @CsvSource({
    "resourceadapter-class, io.moiety.ra.MoietyResourceAdapter",
    "managedconnectionfactory-class, io.moiety.ra.outbound.MoietyManagedConnectionFactory",
    "activationspec-class, io.moiety.ra.inbound.MoietyActivationSpec",
    "activationspec-class, io.moiety.ra.checkback.MoietyCheckerSpec",
    "adminobject-class, io.moiety.jms.MoietyQueue",
    "adminobject-class, io.moiety.jms.MoietyTopic"
  })
  void namesThePropertiesOfTheBeansWithTheirTypesAndDefaults(String tag, String className)
      throws Exception {
    Object bean = Class.forName(className).getConstructor().newInstance();
    Map<String, Property> ofBean =
        Arrays.stream(Introspector.getBeanInfo(bean.getClass()).getPropertyDescriptors())
            .filter(property -> !NOT_CONFIGURED.contains(property.getName()))
            .filter(property -> property.getWriteMethod() != null)
            .collect(Collectors.toMap(PropertyDescriptor::getName, property -> of(bean, property)));

    assertThat(described(tag, className, bean)).isEqualTo(ofBean);
  }

  @Test
  void theArchiveForWildFlyTakesEveryPropertyOfTheAdapter() throws Exception {
    Document wildfly = descriptor("ironjacamar.xml");
    NodeList found = wildfly.getDocumentElement().getChildNodes();
    Map<String, String> taken = new TreeMap<>();
    for (int i = 0; i < found.getLength(); i++) {
      if (found.item(i) instanceof Element child && child.getTagName().equals("config-property")) {
        taken.put(child.getAttribute("name"), child.getTextContent());
      }
    }
    Map<String, String> wanted = new TreeMap<>();
    MoietyResourceAdapter bean = new MoietyResourceAdapter();
    described("resourceadapter-class", bean.getClass().getName(), bean)
        .forEach(
            (name, property) ->
                wanted.put(name, "${moiety." + name + ":" + property.value() + "}"));

    assertThat(taken).isEqualTo(wanted);
  }

  private static Property of(Object bean, PropertyDescriptor property) {
    try {
      ConfigProperty annotation = annotation(bean, property.getName());
      return new Property(
          property.getPropertyType().getName(),
          String.valueOf(property.getReadMethod().invoke(bean)),
          annotation == null ? "" : String.join("", annotation.description()),
          annotation != null && annotation.confidential());
    } catch (ReflectiveOperationException failure) {
      throw new IllegalStateException(failure);
    }
  }

  /** Null for beans of modules that know no connectors. */
  private static ConfigProperty annotation(Object bean, String property) {
    for (Class<?> type = bean.getClass(); type != null; type = type.getSuperclass()) {
      for (Field field : type.getDeclaredFields()) {
        if (field.getName().equals(property)) {
          return field.getAnnotation(ConfigProperty.class);
        }
      }
    }
    throw new AssertionError(bean.getClass() + " has no field for its property " + property);
  }

  private static Map<String, Property> described(String tag, String className, Object bean)
      throws Exception {
    boolean annotated = bean instanceof BrokerProperties || bean instanceof MoietyCheckerSpec;
    NodeList named = descriptor("ra.xml").getElementsByTagName(tag);
    for (int i = 0; i < named.getLength(); i++) {
      Element element = (Element) named.item(i);
      if (element.getTextContent().equals(className)) {
        return properties((Element) element.getParentNode(), annotated);
      }
    }
    throw new AssertionError("ra.xml has no " + tag + " " + className);
  }

  private static Document descriptor(String name) throws Exception {
    return DocumentBuilderFactory.newInstance()
        .newDocumentBuilder()
        .parse(Path.of("src/main/rar/META-INF", name).toFile());
  }

  private static Map<String, Property> properties(Element parent, boolean annotated) {
    Map<String, Property> properties = new LinkedHashMap<>();
    NodeList children = parent.getChildNodes();
    for (int i = 0; i < children.getLength(); i++) {
      if (children.item(i) instanceof Element child
          && child.getTagName().equals("config-property")) {
        String description = text(child, "description");
        assertThat(description).isNotBlank();
        properties.put(
            text(child, "config-property-name"),
            new Property(
                text(child, "config-property-type"),
                text(child, "config-property-value"),
                annotated ? description : "",
                text(child, "config-property-confidential").equals("true")));
      }
    }
    return properties;
  }

  private static String text(Element parent, String tag) {
    NodeList found = parent.getElementsByTagName(tag);
    return found.getLength() == 0 ? "" : found.item(0).getTextContent();
  }
}
