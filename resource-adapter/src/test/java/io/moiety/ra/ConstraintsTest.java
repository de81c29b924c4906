package io.moiety.ra;

import static org.assertj.core.api.Assertions.assertThat;

import io.moiety.ra.inbound.MoietyActivationSpec;
import io.moiety.ra.outbound.MoietyManagedConnectionFactory;
import jakarta.resource.ResourceException;
import jakarta.resource.spi.InvalidPropertyException;
import jakarta.validation.constraints.DecimalMax;
import jakarta.validation.constraints.DecimalMin;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.Pattern;
import java.beans.Introspector;
import java.beans.PropertyDescriptor;
import java.lang.reflect.Field;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** A server that validates nothing by itself is told the same by the beans. */
final class ConstraintsTest {

  /** A bean with nothing wrong, and its own check. */
  private interface Subject<B> {
    B make();

    void check(B bean) throws ResourceException;
  }

  private static final Subject<MoietyResourceAdapter> ADAPTER =
      new Subject<>() {
        @Override
        public MoietyResourceAdapter make() {
          return new MoietyResourceAdapter();
        }

        @Override
        public void check(MoietyResourceAdapter bean) throws ResourceException {
          bean.validate();
        }
      };

  private static final Subject<MoietyManagedConnectionFactory> FACTORY =
      new Subject<>() {
        @Override
        public MoietyManagedConnectionFactory make() {
          return new MoietyManagedConnectionFactory();
        }

        @Override
        public void check(MoietyManagedConnectionFactory bean) throws ResourceException {
          bean.createConnectionFactory();
        }
      };

  private static final Subject<MoietyActivationSpec> ACTIVATION =
      new Subject<>() {
        @Override
        public MoietyActivationSpec make() {
          MoietyActivationSpec spec = new MoietyActivationSpec();
          spec.setDestinationLookup("orders");
          spec.setDestinationType("jakarta.jms.Queue");
          return spec;
        }

        @Override
        public void check(MoietyActivationSpec bean) throws ResourceException {
          bean.validate();
        }
      };

  @Test
  void theAdaptersOwnCheckSaysWhatItsConstraintsSay() throws Exception {
    assertThat(compare(ADAPTER)).isGreaterThan(6);
  }

  @Test
  void theFactorysOwnCheckSaysWhatItsConstraintsSay() throws Exception {
    assertThat(compare(FACTORY)).isGreaterThan(10);
  }

  @Test
  void theActivationsOwnCheckSaysWhatItsConstraintsSay() throws Exception {
    assertThat(compare(ACTIVATION)).isGreaterThan(20);
  }

  /** Returns how many values were tried. */
  private static <B> int compare(Subject<B> subject) throws Exception {
    assertThat(faults(subject, subject.make())).isEmpty();
    int tried = 0;
    for (Field field : fields(subject.make().getClass())) {
      for (Object wrong : wrongValues(field)) {
        assertThat(faultsWith(subject, field, wrong).orElse("nothing"))
            .as("%s = %s", field.getName(), wrong)
            .contains(field.getName());
        tried++;
      }
      for (Object right : limits(field)) {
        assertThat(faultsWith(subject, field, right))
            .as("%s = %s", field.getName(), right)
            .isEmpty();
        tried++;
      }
    }
    return tried;
  }

  private static List<Object> wrongValues(Field field) {
    List<Object> values = new ArrayList<>();
    Min min = field.getAnnotation(Min.class);
    if (min != null) {
      values.add(number(field, min.value() - 1));
    }
    Max max = field.getAnnotation(Max.class);
    if (max != null) {
      values.add(number(field, max.value() + 1));
    }
    if (field.isAnnotationPresent(DecimalMin.class)) {
      values.add(Double.parseDouble(field.getAnnotation(DecimalMin.class).value()) - 0.1);
      values.add(Double.NaN);
    }
    if (field.isAnnotationPresent(DecimalMax.class)) {
      values.add(Double.parseDouble(field.getAnnotation(DecimalMax.class).value()) + 0.1);
    }
    if (field.isAnnotationPresent(Pattern.class)) {
      assertThat("a:b:c,,").doesNotMatch(field.getAnnotation(Pattern.class).regexp());
      values.add("a:b:c,,");
    }
    if (field.isAnnotationPresent(NotBlank.class)) {
      values.add("");
    }
    return values;
  }

  private static List<Object> limits(Field field) {
    List<Object> values = new ArrayList<>();
    Min min = field.getAnnotation(Min.class);
    if (min != null) {
      values.add(number(field, min.value()));
    }
    Max max = field.getAnnotation(Max.class);
    if (max != null) {
      values.add(number(field, max.value()));
    }
    return values;
  }

  private static Object number(Field field, long value) {
    return field.getType() == Integer.class ? (Object) Math.toIntExact(value) : (Object) value;
  }

  private static <B> Optional<String> faultsWith(Subject<B> subject, Field field, Object value)
      throws Exception {
    B bean = subject.make();
    for (PropertyDescriptor property :
        Introspector.getBeanInfo(bean.getClass()).getPropertyDescriptors()) {
      if (property.getName().equals(field.getName())) {
        property.getWriteMethod().invoke(bean, value);
        return faults(subject, bean);
      }
    }
    throw new AssertionError("There is no property " + field.getName());
  }

  private static <B> Optional<String> faults(Subject<B> subject, B bean) throws ResourceException {
    try {
      subject.check(bean);
      return Optional.empty();
    } catch (InvalidPropertyException refused) {
      return Optional.of(refused.getMessage());
    }
  }

  private static List<Field> fields(Class<?> bean) {
    List<Field> fields = new ArrayList<>();
    for (Class<?> type = bean; type != null; type = type.getSuperclass()) {
      fields.addAll(Arrays.asList(type.getDeclaredFields()));
    }
    return fields;
  }
}
