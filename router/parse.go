package router

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
)

// maxVariables is how many variables a segment may have, so that a look-up can keep its state on the stack.
const maxVariables = 8

// customPrefix begins a custom variable; its pattern follows.
const customPrefix = "<custom="

// Parse reads a rule: literal text and variables, in segments between slashes.
//
//	/goods/<string:name>      any text without a slash; <name> is the same
//	/goods/<int:n>            digits, with a value that fits an int64
//	/goods/<float:price>      digits with at most one dot
//	/goods/<custom=[a-c]+:x>  what matches a regular expression
//	/files/<path:name>        the rest of the path; it must end the rule
//
// A segment may mix literal text with up to 8 variables, which need text between them: /<int:a>-<int:b>.html. A custom
// variable may have literal text beside it, but no other variable. The names are identifiers, each used once: ASCII
// letters, digits, underscores and all characters beyond ASCII, without a digit in front.
//
// Literal text stands for itself and is written decoded, as people read it: /größe, /50% off. Only < and > cannot be
// literal. A slash before the rule may be left out, one behind it makes no difference, and two in a row are an error.
//
// The expression of a custom variable may hold any character except a slash, which no segment has; [^/] is just a dot.
// It may use ':', '<' and '>', as in (?:a|b) and (?P<n>a): the expression ends at the last :name> of its segment. One
// that itself holds a text like :x> and later one like <int is taken for two variables; write [<]int then.
//
// The error is a [*RuleError]. Whether an expression is valid is known only to [Router.Add].
func Parse(rule string) (Rule, error) {
	p := parser{source: rule, at: len(rule) - len(strings.TrimPrefix(rule, "/"))}
	for p.at < len(p.source) {
		if err := p.segment(); err != nil {
			return Rule{}, err
		}
		p.at++ // the slash
	}
	p.rule.text = p.rule.format()
	return p.rule, nil
}

type parser struct {
	source string
	at     int // what is before it has been read
	rule   Rule
}

// fail makes an error. It is not inlined, for its fourteen copies would add 10 KB to every program.
//
//go:noinline
func (p *parser) fail(pos int, reason, fix string) error {
	return &RuleError{Rule: p.source, Pos: pos, Reason: reason, Fix: fix}
}

// segment reads up to the next slash that is not inside a variable, or to the end.
func (p *parser) segment() error {
	var s segment
	begin, text := p.at, p.at
	for p.at < len(p.source) && p.source[p.at] != '/' {
		switch p.source[p.at] {
		case '<':
			s.texts = append(s.texts, p.source[text:p.at])
			if err := p.variable(&s); err != nil {
				return err
			}
			text = p.at
		case '>':
			return p.fail(p.at, "> without <", "write a variable as <type:name>; > cannot be literal text")
		default:
			p.at++
		}
	}
	if p.at == begin {
		return p.fail(begin, "empty segment", "write one slash instead of two")
	}
	s.texts = append(s.texts, p.source[text:p.at])
	s.plain = len(s.types) == 1 && s.types[0] == String && s.texts[0] == "" && s.texts[1] == ""
	p.rule.segments = append(p.rule.segments, s)
	return nil
}

// variable reads a variable and adds it to s, which ends with the text before it.
func (p *parser) variable(s *segment) error {
	begin := p.at
	v, err := p.readVariable()
	if err != nil {
		return err
	}
	switch n := len(s.types); {
	case n > 0 && s.texts[n] == "":
		before := p.rule.variables[len(p.rule.variables)-1]
		return p.fail(begin, "no text between two variables", "write "+before.String()+"-"+v.String())
	case n > 0 && (v.Type == Custom || s.types[0] == Custom):
		return p.failShared(begin)
	case n == maxVariables:
		return p.fail(begin, "more than "+strconv.Itoa(maxVariables)+" variables in one segment",
			"take one string variable and split its text")
	case !isIdentifier(v.Name):
		return p.fail(begin, "bad name "+strconv.Quote(v.Name),
			"name it with letters, digits and underscores: "+Variable{"name", v.Type, v.Pattern}.String())
	case slices.ContainsFunc(p.rule.variables, func(w Variable) bool { return w.Name == v.Name }):
		return p.fail(begin, "a second variable "+v.Name,
			"give it another name: "+Variable{v.Name + "2", v.Type, v.Pattern}.String())
	case v.Type == Path && strings.TrimSuffix(p.source[p.at:], "/") != "":
		return p.fail(p.at, "something behind a path variable, which takes all the rest",
			"end the rule here, or write "+Variable{v.Name, String, ""}.String())
	}
	s.types = append(s.types, v.Type)
	s.pattern = v.Pattern
	p.rule.variables = append(p.rule.variables, v)
	return nil
}

// readVariable reads from < to >.
func (p *parser) readVariable() (v Variable, err error) {
	begin, rest := p.at, p.source[p.at:]
	if strings.HasPrefix(rest, customPrefix) {
		return p.readCustom()
	}
	inside, _, closed := strings.Cut(rest[1:], ">")
	if !closed || strings.Contains(inside, "<") || strings.Contains(inside, "/") {
		return v, p.fail(begin, "< without >", "write a variable as <type:name>; < cannot be literal text")
	}
	p.at += len("<") + len(inside) + len(">")
	word, name, typed := strings.Cut(inside, ":")
	t, known := typeNamed(word)
	switch {
	case !typed && known:
		return v, p.fail(begin, "a variable with the name of a type", "write <"+word+":name> or <string:"+word+">")
	case !typed:
		return Variable{Name: word, Type: String}, nil
	case known && t == Custom:
		return v, p.fail(begin, "custom without a pattern", "write <custom=[a-z]+:"+cmp.Or(name, "name")+">")
	case !known:
		bare, pattern, _ := strings.Cut(word, "=")
		meant := Variable{Name: cmp.Or(name, "name"), Type: nearestType(bare), Pattern: cmp.Or(pattern, "[a-z]+")}
		return v, p.fail(begin, "unknown type "+strconv.Quote(word),
			"write "+meant.String()+"; the types are string, int, float, path and custom=regex")
	}
	return Variable{Name: name, Type: t}, nil
}

// readCustom reads a custom variable: from <custom= to the last :name> before the next slash.
func (p *parser) readCustom() (v Variable, err error) {
	begin := p.at
	segment, _, slash := strings.Cut(p.source[begin:], "/")
	body := segment[len(customPrefix):]
	colon, end := lastName(body)
	switch {
	case end == 0 && slash && !strings.Contains(body, ">"):
		return v, p.fail(begin+len(segment), "a slash inside a custom variable",
			"end it with :name> before the slash; no segment has a slash, so [^/] is just a dot")
	case end == 0:
		return v, p.fail(begin, "a custom variable without an end", "end it with its name: <custom=[a-z]+:name>")
	case colon == 0:
		return v, p.fail(begin, "an empty pattern", "write <custom=[a-z]+"+body[:end])
	case holdsVariables(body[:colon]):
		return v, p.failShared(begin)
	}
	p.at += len(customPrefix) + end
	return Variable{Name: body[colon+1 : end-1], Type: Custom, Pattern: body[:colon]}, nil
}

func (p *parser) failShared(pos int) error {
	return p.fail(pos, "a custom variable beside another variable, so that neither knows where it ends",
		"put the whole segment into one pattern: <custom=[a-z]+-[0-9]+:name>")
}

// holdsVariables reports whether pattern is rather the pattern of one variable, the end of that, and the beginning of
// another, as in <custom=[a-z]+:x>-<int:y>, where it is all of [a-z]+:x>-<int.
func holdsVariables(pattern string) bool {
	for i := range len(pattern) {
		if pattern[i] != '<' {
			continue
		}
		_, before := lastName(pattern[:i])
		_, known := typeNamed(pattern[i+1:])
		if before > 0 && (known || strings.HasPrefix(pattern[i:], customPrefix)) {
			return true
		}
	}
	return false
}

// lastName returns where the last :name> of text begins and ends; end is 0 if there is none.
func lastName(text string) (begin, end int) {
	for end = strings.LastIndexByte(text, '>') + 1; end > 0; end = strings.LastIndexByte(text[:end-1], '>') + 1 {
		begin = strings.LastIndexByte(text[:end], ':')
		if begin >= 0 && isIdentifier(text[begin+1:end-1]) {
			return begin, end
		}
	}
	return 0, 0
}

// isIdentifier reports whether name is one. Which characters beyond ASCII are letters is not asked: that would need the
// tables of package unicode.
func isIdentifier(name string) bool {
	for i, c := range name {
		switch {
		case c == '_', 'a' <= c && c <= 'z', 'A' <= c && c <= 'Z':
		case '0' <= c && c <= '9' && i > 0:
		case c > 0x7F && c != '\uFFFD':
		default:
			return false
		}
	}
	return name != ""
}
