package httpcases

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
)

// Octets are bytes as the file writes them: text in which each character U+0000 to U+00FF is one octet, or a list of
// [text, repeat count] pairs that follow each other. {{NAME}} stands for a validator.
type Octets []byte

// UnmarshalJSON reads both forms.
func (o *Octets) UnmarshalJSON(text []byte) error {
	*o = Octets{}
	if !bytes.HasPrefix(text, []byte("[")) {
		return o.appendText(text, 1)
	}
	var parts [][2]json.RawMessage
	if err := json.Unmarshal(text, &parts); err != nil {
		return err
	}
	for _, part := range parts {
		var times int
		if err := json.Unmarshal(part[1], &times); err != nil {
			return err
		}
		if err := o.appendText(part[0], times); err != nil {
			return err
		}
	}
	return nil
}

func (o *Octets) appendText(quoted []byte, times int) error {
	var text string
	if err := json.Unmarshal(quoted, &text); err != nil {
		return err
	}
	once := make([]byte, 0, len(text))
	for _, char := range text {
		if char > 0xFF {
			return fmt.Errorf("%q is not an octet", char)
		}
		once = append(once, byte(char))
	}
	*o = append(*o, bytes.Repeat(once, times)...)
	return nil
}

// with puts the values of the validators in.
func (o Octets) with(validators map[string]string) []byte {
	if !bytes.Contains(o, []byte("{{")) {
		return o
	}
	filled := string(o)
	for name, value := range validators {
		filled = strings.ReplaceAll(filled, "{{"+name+"}}", value)
	}
	return []byte(filled)
}

// Count is how many responses may come. The file says 2 or "1..2"; zero is the default of exactly one.
type Count struct{ least, most int }

// UnmarshalJSON reads both forms.
func (c *Count) UnmarshalJSON(text []byte) error {
	least, most, isRange := strings.Cut(strings.Trim(string(text), `"`), "..")
	if !isRange {
		most = least
	}
	var err1, err2 error
	c.least, err1 = strconv.Atoi(least)
	c.most, err2 = strconv.Atoi(most)
	if err1 != nil || err2 != nil {
		return fmt.Errorf("%s is not a count of responses", text)
	}
	return nil
}

// limits returns the least and the greatest count.
func (c Count) limits() (least, most int) {
	if c == (Count{}) {
		return 1, 1
	}
	return c.least, c.most
}
