package message_test

import (
	"errors"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/microroute/microroute/message"
)

func TestParseRange(t *testing.T) {
	type ranges = []message.Range
	const max = 4
	invalid, unsatisfiable := message.ErrRangeInvalid, message.ErrRangeNotSatisfiable

	for _, tt := range []struct {
		rule, value string
		size        int64
		want        ranges
		err         error
	}{
		// RFC 9110 section 14.1.2
		{"from", "bytes=500-", 1000, ranges{{500, 500}}, nil},
		{"from 0", "bytes=0-", 1000, ranges{{0, 1000}}, nil},
		{"from the last byte", "bytes=999-", 1000, ranges{{999, 1}}, nil},
		{"from and to", "bytes=1-1", 1000, ranges{{1, 1}}, nil},
		{"clamped", "bytes=990-5000", 1000, ranges{{990, 10}}, nil},
		{"suffix", "bytes=-500", 1000, ranges{{500, 500}}, nil},
		{"suffix: last byte", "bytes=-1", 1000, ranges{{999, 1}}, nil},
		{"suffix: longer than the representation", "bytes=-5000", 1000, ranges{{0, 1000}}, nil},
		{"leading zeros", "bytes=0001-0002", 1000, ranges{{1, 2}}, nil},
		{"unsatisfiable: from the end", "bytes=1000-", 1000, nil, unsatisfiable},
		{"unsatisfiable: all beyond the end", "bytes=1000-2000,5000-", 1000, nil, unsatisfiable},
		{"unsatisfiable: suffix of 0", "bytes=-0", 1000, nil, unsatisfiable},
		{"several", "bytes=0-0,10-19", 1000, ranges{{0, 1}, {10, 10}}, nil},
		{"several: order of the request", "bytes=-5,0-4", 1000, ranges{{995, 5}, {0, 5}}, nil},
		{"several: one satisfiable", "bytes=0-4,5000-", 1000, ranges{{0, 5}}, nil},
		{"several: suffix of 0 beside one", "bytes=-0,0-4", 1000, ranges{{0, 5}}, nil},

		// Numbers beyond an int64
		{"overflow: first", "bytes=99999999999999999999-", 1000, nil, unsatisfiable},
		{"overflow: last", "bytes=0-18446744073709551616", 1000, ranges{{0, 1000}}, nil},
		{"overflow: both", "bytes=18446744073709551616-18446744073709551617", 1000, nil, unsatisfiable},
		{"overflow: suffix", "bytes=-18446744073709551616", 1000, ranges{{0, 1000}}, nil},
		{"overflow: reversed", "bytes=18446744073709551616-5", 1000, nil, invalid},
		{"the largest size", "bytes=9223372036854775806-9223372036854775807", 1<<63 - 1, ranges{{1<<63 - 2, 1}}, nil},

		// RFC 9110 section 5.6.1
		{"list: white space", "bytes=0-0 , 2-2\t,\t4-4", 1000, ranges{{0, 1}, {2, 1}, {4, 1}}, nil},
		{"list: empty members", "bytes=,0-0,,2-2,", 1000, ranges{{0, 1}, {2, 1}}, nil},
		{"list: comma behind an open range", "bytes=0-,", 1000, ranges{{0, 1000}}, nil},
		{"list: nothing but empty members", "bytes=,,", 1000, nil, invalid},
		{"list: nothing", "bytes=", 1000, nil, invalid},

		// RFC 9110 section 14.1
		{"unit: case does not matter", "Bytes=0-0", 1000, ranges{{0, 1}}, nil},
		{"unit: unknown", "items=0-5", 1000, nil, invalid},
		{"unit: empty", "=0-5", 1000, nil, invalid},
		{"unit: none", "0-5", 1000, nil, invalid},
		{"empty field", "", 1000, nil, invalid},

		// RFC 9110 section 14.1.1
		{"malformed: reversed", "bytes=5-2", 1000, nil, invalid},
		{"malformed: reversed beside a good one", "bytes=0-1,5-2", 1000, nil, invalid},
		{"malformed: reversed beyond the end", "bytes=5000-2000", 1000, nil, invalid},
		{"malformed: letters", "bytes=a-b", 1000, nil, invalid},
		{"malformed: dash", "bytes=-", 1000, nil, invalid},
		{"malformed: two dashes", "bytes=--1", 1000, nil, invalid},
		{"malformed: three numbers", "bytes=1-2-3", 1000, nil, invalid},
		{"malformed: no dash", "bytes=5", 1000, nil, invalid},
		{"malformed: plus signs", "bytes=+0-+5", 1000, nil, invalid},
		{"malformed: minus sign", "bytes=0--5", 1000, nil, invalid},
		{"malformed: control character", "bytes=\x01", 1000, nil, invalid},
		{"malformed: hexadecimal", "bytes=0x0-0x5", 1000, nil, invalid},
		{"malformed: underscore", "bytes=1_0-2_0", 1000, nil, invalid},
		{"malformed: white space before the unit's end", "bytes =0-5", 1000, nil, invalid},
		{"malformed: white space behind the equals sign", "bytes= 0-5", 1000, nil, invalid},
		{"malformed: white space inside", "bytes=0 -5", 1000, nil, invalid},
		{"malformed: white space inside", "bytes=0- 5", 1000, nil, invalid},
		{"malformed: white space inside a number", "bytes=0-1 0", 1000, nil, invalid},
		{"malformed: semicolons", "bytes=0-1;3-4", 1000, nil, invalid},
		{"malformed: two fields joined", "bytes=0-1, bytes=3-4", 1000, nil, invalid},
		{"malformed: quotes", `bytes="0-1"`, 1000, nil, invalid},

		// RFC 9110 sections 14.2 and 17.15
		{"waste: as many as allowed", "bytes=0-0,2-2,4-4,6-6", 1000, ranges{{0, 1}, {2, 1}, {4, 1}, {6, 1}}, nil},
		{"waste: one too many", "bytes=0-0,2-2,4-4,6-6,8-8", 1000, nil, invalid},
		{"waste: one too many, unsatisfiable", "bytes=0-0,2-2,4-4,6-6,5000-", 1000, nil, invalid},
		{"waste: more bytes than there are", "bytes=0-,0-", 1000, nil, invalid},
		{"waste: one byte more than there are", "bytes=0-999,5-5", 1000, nil, invalid},
		{"waste: two may overlap", "bytes=0-9,5-14", 1000, ranges{{0, 10}, {5, 10}}, nil},
		{"waste: two of three may overlap", "bytes=0-9,5-14,100-109", 1000, ranges{{0, 10}, {5, 10}, {100, 10}}, nil},
		{"waste: three may not", "bytes=0-9,5-14,10-19", 1000, nil, invalid},
		{"waste: three may not, in any order", "bytes=10-19,0-14,5-9", 1000, nil, invalid},
		{"waste: two pairs may not", "bytes=0-9,5-14,100-109,105-114", 1000, nil, invalid},
		{"waste: touching is not overlapping", "bytes=20-29,10-19,0-9", 1000, ranges{{20, 10}, {10, 10}, {0, 10}}, nil},

		{"empty representation: no part to send", "bytes=0-", 0, nil, invalid},
		{"empty representation: no part to send", "bytes=-5", 0, nil, invalid},
	} {
		got, err := message.ParseRange(tt.value, tt.size, max)
		if !slices.Equal(got, tt.want) || !errors.Is(err, tt.err) {
			t.Errorf("%s: ParseRange(%q, %d, %d) = %v, %v, want %v, %v", tt.rule, tt.value, tt.size, max, got, err, tt.want, tt.err)
		}
	}
}

// RFC 9110 section 17.15: five hundred parts of one byte.
func TestParseRangeBomb(t *testing.T) {
	var value strings.Builder
	value.WriteString("bytes=")
	for i := range 500 {
		value.WriteString(strconv.Itoa(2*i) + "-" + strconv.Itoa(2*i) + ",")
	}
	if got, err := message.ParseRange(value.String(), 1000, 100); err != message.ErrRangeInvalid {
		t.Errorf("ParseRange of 500 ranges, at most 100 = %d ranges, %v, want ErrRangeInvalid", len(got), err)
	}
	if got, err := message.ParseRange(value.String(), 1000, 500); len(got) != 500 || err != nil {
		t.Errorf("ParseRange of 500 ranges, at most 500 = %d ranges, %v, want all", len(got), err)
	}
}

func TestContentRange(t *testing.T) {
	for _, tt := range []struct{ rule, got, want string }{
		{"RFC 9110 section 14.4", string(message.AppendContentRange(nil, message.Range{Start: 500, Length: 500}, 1000)), "bytes 500-999/1000"},
		{"appends", string(message.AppendContentRange([]byte("x"), message.Range{Length: 1}, 1)), "xbytes 0-0/1"},
		{"unknown size", string(message.AppendContentRange(nil, message.Range{Start: 42, Length: 1192}, -1)), "bytes 42-1233/*"},
		{"RFC 9110 section 15.5.17", string(message.AppendUnsatisfiedRange(nil, 1000)), "bytes */1000"},
		{"empty", string(message.AppendUnsatisfiedRange([]byte("x"), 0)), "xbytes */0"},
	} {
		if tt.got != tt.want {
			t.Errorf("%s: Content-Range %q, want %q", tt.rule, tt.got, tt.want)
		}
	}
}

// Ranges lie inside the representation, are not more than allowed and not longer together than it is; what is in a
// Content-Range is a Range that yields the same again.
func FuzzParseRange(f *testing.F) {
	f.Add("bytes=0-4,-5", int64(1000))
	f.Add("bytes=0-18446744073709551616, 7-", int64(10))
	f.Add("bytes=-0", int64(1))
	f.Fuzz(func(t *testing.T, value string, size int64) {
		const max = 8
		ranges, err := message.ParseRange(value, size, max)
		if (err == nil) == (len(ranges) == 0) || len(ranges) > max {
			t.Fatalf("ParseRange(%q, %d) = %v, %v", value, size, ranges, err)
		}
		total := int64(0)
		for _, r := range ranges {
			if total += r.Length; r.Start < 0 || r.Length <= 0 || r.Start > size-r.Length || total > size || total < 0 {
				t.Fatalf("ParseRange(%q, %d) = %v: outside", value, size, ranges)
			}
			sent, _, _ := strings.Cut(string(message.AppendContentRange(nil, r, size)), "/")
			again, err := message.ParseRange(strings.Replace(sent, " ", "=", 1), size, 1)
			if err != nil || again[0] != r {
				t.Errorf("ParseRange(%q, %d) of %v = %v, %v", sent, size, r, again, err)
			}
		}
	})
}

func BenchmarkParseRange(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		message.ParseRange("bytes=500-999", 1000, 8)
	}
}
