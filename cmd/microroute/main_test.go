package main

import (
	"os"
	"testing"
)

// asProgram in the environment makes the test binary the program itself.
const asProgram = "MICROROUTE_TEST_AS_PROGRAM"

func TestMain(m *testing.M) {
	if os.Getenv(asProgram) != "" {
		main()
		return
	}
	m.Run()
}
