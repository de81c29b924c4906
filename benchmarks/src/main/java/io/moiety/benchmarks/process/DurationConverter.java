package io.moiety.benchmarks.process;

import java.time.Duration;
import java.time.format.DateTimeParseException;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** How long a command is to take: a number and its unit. */
public final class DurationConverter implements ITypeConverter<Duration> {

  @Override
  public Duration convert(String text) {
    try {
      return Duration.parse("PT" + text);
    } catch (DateTimeParseException malformed) {
      throw new TypeConversionException("'" + text + "' is no duration such as 30m or 90s");
    }
  }
}
