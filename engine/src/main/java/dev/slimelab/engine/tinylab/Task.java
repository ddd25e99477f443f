package dev.slimelab.engine.tinylab;

import dev.slimelab.engine.random.SplitMix64;

import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// What a prompt asks for: the eight families of the corpus. Each knows its wordings, its right
/// answers, its typical mistakes and how to check a value.
///
/// The first six have one right value and show one line of work; the last two are free-form, where
/// any sentence of the grammar that holds the given words is right.
public sealed interface Task {
    /// The two wordings of the prompt.
    List<String> prompts();

    /// A right solution; wording and free words are drawn.
    Solution right(SplitMix64 random);

    /// A wrong value in the right form. The line of work agrees with the mistake where it shows the
    /// value at all.
    Solution wrong(SplitMix64 random);

    /// The right value in a form that [#form] refuses.
    String misshapen(SplitMix64 random);

    /// Whether `value` says the right thing, in whatever form.
    boolean says(String value);

    /// The form that a value must have; it takes wrong values too.
    Pattern form();

    /// Lines in a well-formed answer: opener, work where the family shows it, value.
    default int lines() {
        return 3;
    }

    /// The family's name for charts and tables: `sort`, `add`, …
    default String family() {
        return getClass().getSimpleName().toLowerCase(Locale.ROOT);
    }

    /// Four different numbers from 1 to 99, to be put in ascending order.
    record Sort(List<Integer> numbers) implements Task {
        private static final List<Integer> RANGE = IntStream.rangeClosed(1, 99).boxed().toList();
        private static final List<String> WORK = List.of("In order: ", "Smallest first: ");
        private static final Pattern FORM = Pattern.compile("\\d{1,2}(?:, \\d{1,2})*");

        public Sort {
            numbers = List.copyOf(numbers);
        }

        static Sort draw(SplitMix64 random) {
            return new Sort(random.sample(RANGE, 4));
        }

        @Override
        public List<String> prompts() {
            return List.of(
                    "Sort these numbers: " + Items.joined(", ", numbers) + ".",
                    "Put " + Items.joined(", ", numbers) + " in ascending order.");
        }

        @Override
        public Solution right(SplitMix64 random) {
            return solution(sorted(), random);
        }

        @Override
        public Solution wrong(SplitMix64 random) {
            return solution(Items.disturbed(sorted(), random), random);
        }

        @Override
        public String misshapen(SplitMix64 random) {
            return Items.joined(random.pick(List.of(" ", "; ", " < ", ",")), sorted());
        }

        @Override
        public boolean says(String value) {
            return Items.integers(value).equals(sorted());
        }

        @Override
        public Pattern form() {
            return FORM;
        }

        private List<Integer> sorted() {
            return numbers.stream().sorted().toList();
        }

        private static Solution solution(List<Integer> order, SplitMix64 random) {
            String work = random.pick(WORK) + Items.joined(" ", order) + ".";
            return new Solution(List.of(work), Items.joined(", ", order));
        }
    }

    /// Two two-digit numbers, to be added digit by digit.
    record Add(int first, int second) implements Task {
        private static final Pattern FORM = Pattern.compile("\\d{1,3}");

        /// A mistake in the sum of the ones and in the sum of the tens.
        private record Slip(int tens, int ones) {
            static final Slip NONE = new Slip(0, 0);

            /// Off by 1, 2, 9, 10 and 11.
            static final List<Slip> LIKELY =
                    List.of(
                            new Slip(0, 1),
                            new Slip(0, 2),
                            new Slip(1, -1),
                            new Slip(1, 0),
                            new Slip(1, 1));

            Slip negated() {
                return new Slip(-tens, -ones);
            }
        }

        static Add draw(SplitMix64 random) {
            return new Add(random.between(10, 99), random.between(10, 99));
        }

        @Override
        public List<String> prompts() {
            return List.of(
                    "What is " + first + " plus " + second + "?",
                    "Add " + first + " and " + second + " step by step.");
        }

        @Override
        public Solution right(SplitMix64 random) {
            return solution(Slip.NONE);
        }

        @Override
        public Solution wrong(SplitMix64 random) {
            Slip drawn = random.pick(Slip.LIKELY);
            Slip slip = random.chance(50) ? drawn : drawn.negated();
            return solution(ones() + slip.ones() < 0 ? slip.negated() : slip);
        }

        @Override
        public String misshapen(SplitMix64 random) {
            return random.pick(
                    List.of(first + " + " + second + " = " + sum(), "= " + sum(), sum() + "."));
        }

        @Override
        public boolean says(String value) {
            return Items.lastIs(Items.integers(value), sum());
        }

        @Override
        public Pattern form() {
            return FORM;
        }

        private int sum() {
            return first + second;
        }

        private int ones() {
            return first % 10 + second % 10;
        }

        private Solution solution(Slip slip) {
            int carry = ones() / 10;
            int tens = first / 10 + second / 10 + carry;
            String onesLine = first % 10 + " + " + second % 10 + " = " + (ones() + slip.ones());
            String tensLine =
                    first / 10 + " + " + second / 10 + " + " + carry + " = " + (tens + slip.tens());
            String work = "Ones: " + onesLine + ". Tens: " + tensLine + ".";
            return new Solution(
                    List.of(work), Integer.toString(sum() + 10 * slip.tens() + slip.ones()));
        }
    }

    /// Four to six different letters, to be written from the last to the first.
    record Reverse(List<String> letters) implements Task {
        private static final List<String> WORK = List.of("From the end: ", "Backwards: ");
        private static final Pattern FORM = Pattern.compile("[a-z](?:-[a-z])*");

        public Reverse {
            letters = List.copyOf(letters);
        }

        static Reverse draw(SplitMix64 random) {
            return new Reverse(random.sample(Words.LETTERS, random.between(4, 6)));
        }

        @Override
        public List<String> prompts() {
            return List.of(
                    "Reverse these letters: " + Items.joined(" ", letters) + ".",
                    "Write " + Items.joined(" ", letters) + " backwards.");
        }

        @Override
        public Solution right(SplitMix64 random) {
            return solution(letters.reversed(), random);
        }

        @Override
        public Solution wrong(SplitMix64 random) {
            return solution(Items.disturbed(letters.reversed(), random), random);
        }

        @Override
        public String misshapen(SplitMix64 random) {
            return Items.joined(random.pick(List.of("", " ", ", ", "/")), letters.reversed());
        }

        @Override
        public boolean says(String value) {
            return value.replaceAll("[^\\p{L}]", "").equals(Items.joined("", letters.reversed()));
        }

        @Override
        public Pattern form() {
            return FORM;
        }

        private static Solution solution(List<String> order, SplitMix64 random) {
            return new Solution(
                    List.of(random.pick(WORK) + Items.joined(" ", order) + "."),
                    Items.joined("-", order));
        }
    }

    /// A date in words, to be written as ISO 8601. Days end at 28, so that every mistake is a date
    /// too.
    record Date(int day, int month, int year) implements Task {
        private static final Pattern FORM = Pattern.compile("\\d{4}-\\d{2}-\\d{2}");

        static Date draw(SplitMix64 random) {
            return new Date(
                    random.between(1, 28), random.between(1, 12), random.between(1980, 2029));
        }

        @Override
        public List<String> prompts() {
            String words = day + " " + monthName() + " " + year;
            return List.of(
                    "Write " + words + " as an ISO date.",
                    "Convert the date " + words + " to ISO.");
        }

        @Override
        public Solution right(SplitMix64 random) {
            return solution(this);
        }

        @Override
        public Solution wrong(SplitMix64 random) {
            return solution(
                    switch (random.below(4)) {
                        case 0 -> new Date(day < 28 ? day + 1 : day - 1, month, year);
                        case 1 -> new Date(day, month, random.chance(50) ? year + 1 : year - 1);
                        default -> new Date(day, month % 12 + 1, year);
                    });
        }

        @Override
        public String misshapen(SplitMix64 random) {
            String dayAndMonth = digits(day) + "/" + digits(month) + "/";
            return random.pick(
                    List.of(
                            dayAndMonth + year,
                            dayAndMonth.replace("/", ".") + year,
                            year + "/" + digits(month) + "/" + digits(day)));
        }

        @Override
        public boolean says(String value) {
            List<Integer> numbers = Items.integers(value);
            return numbers.equals(List.of(year, month, day))
                    || numbers.equals(List.of(day, month, year));
        }

        @Override
        public Pattern form() {
            return FORM;
        }

        private String monthName() {
            return Words.MONTHS.get(month - 1);
        }

        /// The work names the month of this task and the number that `written` gives it.
        private Solution solution(Date written) {
            return new Solution(
                    List.of(monthName() + " is month " + digits(written.month()) + "."),
                    written.year() + "-" + digits(written.month()) + "-" + digits(written.day()));
        }

        /// Two digits, without `String.format`, which writes other digits in some countries.
        private static String digits(int number) {
            return number < 10 ? "0" + number : Integer.toString(number);
        }
    }

    /// A person's name, age and city, to be written as a JSON object.
    record Json(String name, int age, String city) implements Task {
        private static final List<String> WORK =
                List.of("The keys are name, age and city.", "There are three fields to write.");
        private static final Pattern FORM =
                Pattern.compile(
                        "\\{\"name\": \"[A-Z][a-z]+\", \"age\": \\d{1,3}, \"city\": \"[A-Z][a-z]+\"}");

        static Json draw(SplitMix64 random) {
            return new Json(
                    random.pick(Words.NAMES), random.between(18, 79), random.pick(Words.CITIES));
        }

        @Override
        public List<String> prompts() {
            return List.of(
                    "Make JSON: " + name + " is " + age + " and lives in " + city + ".",
                    "Write as JSON: name " + name + ", age " + age + ", city " + city + ".");
        }

        @Override
        public Solution right(SplitMix64 random) {
            return new Solution(List.of(random.pick(WORK)), object());
        }

        @Override
        public Solution wrong(SplitMix64 random) {
            Json written =
                    switch (random.below(3)) {
                        case 0 -> new Json(random.pickOther(Words.NAMES, List.of(name)), age, city);
                        case 1 ->
                                new Json(name, age, random.pickOther(Words.CITIES, List.of(city)));
                        default ->
                                new Json(
                                        name,
                                        age
                                                + random.pick(
                                                        List.of(
                                                                -11, -10, -9, -2, -1, 1, 2, 9, 10,
                                                                11)),
                                        city);
                    };
            return written.right(random);
        }

        @Override
        public String misshapen(SplitMix64 random) {
            return random.pick(
                    List.of(
                            object().replace("\"", ""),
                            object().replace("}", ""),
                            object().replace("{", "").replace("}", ""),
                            object().replace("\"", "'")));
        }

        @Override
        public boolean says(String value) {
            return bare(value).equals(bare(object()));
        }

        @Override
        public Pattern form() {
            return FORM;
        }

        private String object() {
            return "{\"name\": \"" + name + "\", \"age\": " + age + ", \"city\": \"" + city + "\"}";
        }

        private static String bare(String object) {
            return object.replaceAll("[{}\"'\\s.]", "");
        }
    }

    /// Three to five people with room numbers in the prompt, one of whom is asked for.
    record Lookup(List<Row> rows, Row asked) implements Task {
        private static final List<String> WORK =
                List.of("I looked at every row.", "It is in the list.");
        private static final Pattern FORM = Pattern.compile("\\d{2}");
        private static final List<Integer> ROOMS = IntStream.rangeClosed(10, 99).boxed().toList();

        public record Row(String name, int room) {
            @Override
            public String toString() {
                return name + " " + room;
            }
        }

        public Lookup {
            rows = List.copyOf(rows);
        }

        static Lookup draw(SplitMix64 random) {
            int count = random.between(3, 5);
            List<String> names = random.sample(Words.NAMES, count);
            List<Integer> rooms = random.sample(ROOMS, count);
            List<Row> rows =
                    IntStream.range(0, count)
                            .mapToObj(i -> new Row(names.get(i), rooms.get(i)))
                            .toList();
            return new Lookup(rows, random.pick(rows));
        }

        @Override
        public List<String> prompts() {
            String table = Items.joined(", ", rows) + ".";
            return List.of(
                    "Rooms: " + table + " Which room is for " + asked.name() + "?",
                    "Find " + asked.name() + " in this list: " + table);
        }

        @Override
        public Solution right(SplitMix64 random) {
            return solution(asked, random);
        }

        @Override
        public Solution wrong(SplitMix64 random) {
            return solution(random.pickOther(rows, List.of(asked)), random);
        }

        @Override
        public String misshapen(SplitMix64 random) {
            return random.pick(
                    List.of(asked.toString(), "room " + asked.room(), asked.room() + "."));
        }

        @Override
        public boolean says(String value) {
            return Items.lastIs(Items.integers(value), asked.room());
        }

        @Override
        public Pattern form() {
            return FORM;
        }

        private static Solution solution(Row read, SplitMix64 random) {
            return new Solution(List.of(random.pick(WORK)), Integer.toString(read.room()));
        }
    }

    /// A colour and an animal, to appear in one sentence of a fixed grammar with free words.
    record Describe(String colour, String animal) implements Task {
        private static final Pattern FORM =
                Pattern.compile(
                        Sentence.grammar(
                                        List.of(
                                                List.of("The"),
                                                Words.MOODS,
                                                Words.COLOURS,
                                                Words.ANIMALS,
                                                Words.REST_VERBS,
                                                Words.PREPOSITIONS,
                                                List.of("the"),
                                                Words.PLACE_QUALITIES,
                                                Words.PLACES))
                                + "(?: "
                                + Words.anyOf(Words.TIMES)
                                + ")?\\.");

        static Describe draw(SplitMix64 random) {
            return new Describe(random.pick(Words.COLOURS), random.pick(Words.ANIMALS));
        }

        @Override
        public List<String> prompts() {
            String subject = "a " + colour + " " + animal;
            return List.of(
                    "Describe " + subject + " in one sentence.",
                    "Write one sentence about " + subject + ".");
        }

        @Override
        public Solution right(SplitMix64 random) {
            String sentence =
                    Stream.of(
                                    "The",
                                    random.pick(Words.MOODS),
                                    colour,
                                    animal,
                                    random.pick(Words.REST_VERBS),
                                    random.pick(Words.PREPOSITIONS),
                                    "the",
                                    random.pick(Words.PLACE_QUALITIES),
                                    random.pick(Words.PLACES))
                            .collect(Collectors.joining(" "));
            return Solution.free(
                    random.chance(50)
                            ? sentence + "."
                            : sentence + " " + random.pick(Words.TIMES) + ".");
        }

        @Override
        public Solution wrong(SplitMix64 random) {
            Describe written =
                    random.chance(50)
                            ? new Describe(random.pickOther(Words.COLOURS, List.of(colour)), animal)
                            : new Describe(
                                    colour, random.pickOther(Words.ANIMALS, List.of(animal)));
            return written.right(random);
        }

        @Override
        public String misshapen(SplitMix64 random) {
            return Sentence.broken(right(random).value(), List.of(colour, animal), random);
        }

        @Override
        public boolean says(String value) {
            return Sentence.words(value).containsAll(List.of(colour, animal));
        }

        @Override
        public Pattern form() {
            return FORM;
        }

        @Override
        public int lines() {
            return 2;
        }
    }

    /// Two objects, to appear in one sentence of a fixed grammar with free words.
    record Story(String first, String second) implements Task {
        private static final Pattern FORM =
                Pattern.compile(
                        Sentence.grammar(
                                        List.of(
                                                Words.NAMES,
                                                Words.FINDING_VERBS,
                                                List.of("the"),
                                                Words.OBJECT_QUALITIES,
                                                Words.OBJECTS,
                                                List.of("and"),
                                                Words.GIVING_VERBS,
                                                List.of("the"),
                                                Words.OBJECTS,
                                                Words.MANNERS))
                                + "\\.");

        static Story draw(SplitMix64 random) {
            List<String> objects = random.sample(Words.OBJECTS, 2);
            return new Story(objects.getFirst(), objects.getLast());
        }

        @Override
        public List<String> prompts() {
            String objects = "a " + first + " and a " + second + ".";
            return List.of("Tell a short story with " + objects, "Write a story about " + objects);
        }

        @Override
        public Solution right(SplitMix64 random) {
            return Solution.free(
                    Stream.of(
                                    random.pick(Words.NAMES),
                                    random.pick(Words.FINDING_VERBS),
                                    "the",
                                    random.pick(Words.OBJECT_QUALITIES),
                                    first,
                                    "and",
                                    random.pick(Words.GIVING_VERBS),
                                    "the",
                                    second,
                                    random.pick(Words.MANNERS))
                            .collect(Collectors.joining(" ", "", ".")));
        }

        @Override
        public Solution wrong(SplitMix64 random) {
            String other = random.pickOther(Words.OBJECTS, List.of(first, second));
            Story written = random.chance(50) ? new Story(other, second) : new Story(first, other);
            return written.right(random);
        }

        @Override
        public String misshapen(SplitMix64 random) {
            return Sentence.broken(right(random).value(), List.of(first, second), random);
        }

        @Override
        public boolean says(String value) {
            return Sentence.words(value).containsAll(List.of(first, second));
        }

        @Override
        public Pattern form() {
            return FORM;
        }

        @Override
        public int lines() {
            return 2;
        }
    }
}
