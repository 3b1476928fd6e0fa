package router

import "strconv"

// A RuleError tells what is wrong with a rule and how to write it instead.
type RuleError struct {
	Rule   string // as it was given
	Pos    int    // where in Rule the fault is, in bytes
	Reason string // what is wrong: "unknown type itn"
	Fix    string // what to do: "write <int:x>"
	Err    error  // what the compiler of custom patterns said, else nil
}

// Error returns rule, reason, position and fix in one line.
func (e *RuleError) Error() string {
	return "router: rule " + e.Rule + ": " + e.Reason + " (at byte " + strconv.Itoa(e.Pos) + "); " + e.Fix
}

// Unwrap returns what the compiler of custom patterns said, or nil.
func (e *RuleError) Unwrap() error { return e.Err }

// A TakenError tells that a rule has a value for this method already.
type TakenError struct {
	Method string // empty for any method
	Rule   string // the rule that was to be added
	Other  string // the rule that is there, which may differ in the names of its variables
}

// Error returns method and rule, and how the rule was written the first time if that differs.
func (e *TakenError) Error() string {
	method := e.Method
	if method == "" {
		method = "any method"
	}
	text := "router: rule already taken: " + method + " " + e.Rule
	if e.Other != e.Rule {
		text += " (as " + e.Other + ")"
	}
	return text
}
