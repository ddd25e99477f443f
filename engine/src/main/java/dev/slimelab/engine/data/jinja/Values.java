package dev.slimelab.engine.data.jinja;

import dev.slimelab.engine.data.jinja.Expression.Operator;
import dev.slimelab.engine.data.jinja.Expression.Relation;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Python's rules for truth, equality, order and arithmetic, and what they cost.
final class Values {
    private final Budget budget;

    Values(Budget budget) {
        this.budget = budget;
    }

    Budget budget() {
        return budget;
    }

    /// The value as templates have it: null is [None], numbers are long or double.
    ///
    /// @throws Failure for anything else than strings, booleans, numbers, lists and maps
    static Object of(@Nullable Object value) {
        return switch (value) {
            case null -> None.NONE;
            case String _, Boolean _, Long _, Double _, None _ -> value;
            case Integer number -> number.longValue();
            case Float number -> number.doubleValue();
            case List<?> list -> {
                List<Object> items = new ArrayList<>();
                list.forEach(item -> items.add(of(item)));
                yield items;
            }
            case Map<?, ?> map -> {
                Map<Object, Object> entries = new LinkedHashMap<>();
                map.forEach((key, item) -> entries.put(key(of(key)), of(item)));
                yield entries;
            }
            default ->
                    throw Failure.of(
                            "a value of " + value.getClass() + " cannot be given to a template");
        };
    }

    /// For messages.
    static String kind(Object value) {
        return switch (value) {
            case String _ -> "string";
            case Boolean _ -> "boolean";
            case Long _ -> "integer";
            case Double _ -> "float";
            case None _ -> "none";
            case Undefined _ -> "undefined";
            case List<?> _ -> "list";
            case Map<?, ?> _ -> "mapping";
            case Namespace _ -> "namespace";
            case Function _ -> "function";
            default -> "object";
        };
    }

    String text(Object value) {
        return Printer.text(value, budget);
    }

    boolean truth(Object value) {
        return switch (value) {
            case Boolean truth -> truth;
            case Long number -> number != 0;
            case Double number -> number != 0;
            case String text -> !text.isEmpty();
            case List<?> list -> !list.isEmpty();
            case Map<?, ?> map -> !map.isEmpty();
            case None _, Undefined _ -> false;
            default -> true;
        };
    }

    /// The members, characters or keys of the value.
    List<Object> items(Object value) {
        return switch (value) {
            case List<?> list -> {
                budget.members(list.size());
                yield List.copyOf(list);
            }
            case Map<?, ?> map -> {
                budget.members(map.size());
                yield List.copyOf(map.keySet());
            }
            case String text -> {
                budget.members(text.length());
                yield Strings.characters(text);
            }
            case Undefined _ -> List.of();
            default -> throw Failure.of(kind(value) + " cannot be iterated over");
        };
    }

    long length(Object value) {
        return switch (value) {
            case List<?> list -> list.size();
            case Map<?, ?> map -> map.size();
            case String text -> Strings.length(text);
            case Undefined _ -> 0;
            default -> throw Failure.of(kind(value) + " has no length");
        };
    }

    boolean relates(Relation relation, Object left, Object right) {
        return switch (relation) {
            case EQUAL -> equal(left, right);
            case UNEQUAL -> !equal(left, right);
            case LESS -> compare(left, right) < 0;
            case AT_MOST -> compare(left, right) <= 0;
            case GREATER -> compare(left, right) > 0;
            case AT_LEAST -> compare(left, right) >= 0;
            case IN -> contains(right, left);
            case NOT_IN -> !contains(right, left);
        };
    }

    boolean equal(Object left, Object right) {
        budget.step();
        if (number(left) instanceof Number a && number(right) instanceof Number b) {
            return compareNumbers(a, b) == 0;
        }
        if (left instanceof List<?> a && right instanceof List<?> b) {
            if (a.size() != b.size()) {
                return false;
            }
            Iterator<?> others = b.iterator();
            return a.stream().allMatch(item -> equal(item, others.next()));
        }
        if (left instanceof Map<?, ?> a && right instanceof Map<?, ?> b) {
            return a.size() == b.size()
                    && a.entrySet().stream()
                            .allMatch(
                                    entry -> {
                                        Object other = b.get(entry.getKey());
                                        return other != null && equal(entry.getValue(), other);
                                    });
        }
        if (left instanceof String a && right instanceof String b) {
            budget.take(Math.min(a.length(), b.length()));
        }
        return left.equals(right) || (left instanceof Undefined && right instanceof Undefined);
    }

    /// Negative, zero or positive, as [java.util.Comparator] has it.
    ///
    /// @throws Failure unless both are numbers, strings or lists of such
    int compare(Object left, Object right) {
        budget.step();
        if (number(left) instanceof Number a && number(right) instanceof Number b) {
            return compareNumbers(a, b);
        }
        if (left instanceof String a && right instanceof String b) {
            budget.take(Math.min(a.length(), b.length()));
            return Strings.compare(a, b);
        }
        if (left instanceof List<?> a && right instanceof List<?> b) {
            for (int i = 0; i < Math.min(a.size(), b.size()); i++) {
                if (!equal(a.get(i), b.get(i))) {
                    return compare(a.get(i), b.get(i));
                }
            }
            return Integer.compare(a.size(), b.size());
        }
        throw unfit("compare", left, right);
    }

    private static Failure unfit(String verb, Object left, Object right) {
        return left instanceof Undefined undefined
                ? undefined.used()
                : right instanceof Undefined undefined
                        ? undefined.used()
                        : Failure.of(
                                "cannot %s %s and %s".formatted(verb, kind(left), kind(right)));
    }

    private boolean contains(Object container, Object item) {
        return switch (container) {
            case String text when item instanceof String part -> {
                budget.take(text.length());
                yield text.contains(part);
            }
            case List<?> list -> list.stream().anyMatch(member -> equal(member, item));
            case Map<?, ?> map -> map.containsKey(key(item));
            case Undefined _ -> false;
            default ->
                    throw Failure.of(
                            "cannot look for %s in %s".formatted(kind(item), kind(container)));
        };
    }

    /// The value, where it can be a key of a mapping.
    static Object key(Object value) {
        return switch (value) {
            case String _, Boolean _, Long _, Double _, None _ -> value;
            default -> throw Failure.of(kind(value) + " cannot be a key");
        };
    }

    /// A boolean counts as 0 or 1.
    private static Object number(Object value) {
        return value instanceof Boolean truth ? Long.valueOf(truth ? 1 : 0) : value;
    }

    private static int compareNumbers(Number a, Number b) {
        return a instanceof Long x && b instanceof Long y
                ? Long.compare(x, y)
                : a.doubleValue() == b.doubleValue()
                        ? 0
                        : Double.compare(a.doubleValue(), b.doubleValue());
    }

    Object sign(Operator operator, Object operand) {
        return switch (number(operand)) {
            case Long number ->
                    operator == Operator.SUBTRACT ? exact(Operator.SUBTRACT, 0, number) : number;
            case Double number -> operator == Operator.SUBTRACT ? -number : number;
            case Undefined undefined -> throw undefined.used();
            default -> throw Failure.of("%s has no sign".formatted(kind(operand)));
        };
    }

    Object arithmetic(Operator operator, Object left, Object right) {
        if (number(left) instanceof Number a && number(right) instanceof Number b) {
            return calculate(operator, a, b);
        }
        if (operator == Operator.ADD) {
            if (left instanceof String a && right instanceof String b) {
                budget.take((long) a.length() + b.length());
                return a + b;
            }
            if (left instanceof List<?> a && right instanceof List<?> b) {
                List<Object> sum = new ArrayList<>(budget.members((long) a.size() + b.size()));
                sum.addAll(a);
                sum.addAll(b);
                return sum;
            }
        }
        if (operator == Operator.MULTIPLY) {
            if (number(right) instanceof Long times) {
                return repeated(left, right, times);
            }
            if (number(left) instanceof Long times) {
                return repeated(right, left, times);
            }
        }
        if (operator == Operator.REMAINDER && left instanceof String) {
            throw Failure.of("formatting a string with % is not supported; use ~");
        }
        throw unfit(
                switch (operator) {
                    case ADD -> "add";
                    case SUBTRACT -> "subtract";
                    case MULTIPLY -> "multiply";
                    case DIVIDE, FLOOR_DIVIDE, REMAINDER -> "divide";
                    case POWER -> "take the power of";
                },
                left,
                right);
    }

    private Object repeated(Object value, Object number, long times) {
        int count = Math.clamp(times, 0, Integer.MAX_VALUE);
        if (value instanceof String text) {
            budget.take((long) text.length() * count);
            return text.repeat(text.isEmpty() ? 0 : count);
        }
        if (value instanceof List<?> list) {
            budget.members((long) list.size() * count);
            List<Object> repeated = new ArrayList<>();
            for (int i = 0; !list.isEmpty() && i < count; i++) {
                repeated.addAll(list);
            }
            return repeated;
        }
        throw unfit("multiply", value, number);
    }

    private static Object calculate(Operator operator, Number a, Number b) {
        boolean divides =
                switch (operator) {
                    case DIVIDE, FLOOR_DIVIDE, REMAINDER -> true;
                    case ADD, SUBTRACT, MULTIPLY, POWER -> false;
                };
        if (divides && b.doubleValue() == 0) {
            throw Failure.of("division by zero");
        }
        boolean integers = a instanceof Long && b instanceof Long;
        return integers
                        && operator != Operator.DIVIDE
                        && (operator != Operator.POWER || b.longValue() >= 0)
                ? exact(operator, a.longValue(), b.longValue())
                : inexact(operator, a.doubleValue(), b.doubleValue());
    }

    private static Object exact(Operator operator, long a, long b) {
        try {
            return switch (operator) {
                case ADD -> Math.addExact(a, b);
                case SUBTRACT -> Math.subtractExact(a, b);
                case MULTIPLY -> Math.multiplyExact(a, b);
                case FLOOR_DIVIDE -> Math.floorDivExact(a, b);
                case REMAINDER -> Math.floorMod(a, b);
                case POWER -> Math.powExact(a, Math.toIntExact(b));
                case DIVIDE -> throw new IllegalArgumentException("gives a float");
            };
        } catch (ArithmeticException _) {
            throw Failure.of(
                    "%d %s %d is beyond the integers of 64 bits".formatted(a, operator.sign(), b));
        }
    }

    private static double inexact(Operator operator, double a, double b) {
        return switch (operator) {
            case ADD -> a + b;
            case SUBTRACT -> a - b;
            case MULTIPLY -> a * b;
            case DIVIDE -> a / b;
            case FLOOR_DIVIDE -> Math.floor(a / b);
            case REMAINDER -> a - b * Math.floor(a / b);
            case POWER -> Math.pow(a, b);
        };
    }
}
