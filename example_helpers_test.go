package microroute_test

import (
	"fmt"

	"github.com/microroute/microroute"
)

func ExampleMakePath() {
	fmt.Println(microroute.MakePath([]string{"teas", "green & white"}))
	// Output:
	// /teas/green%20&%20white
}

func ExampleSplitURL() {
	fmt.Printf("%q\n", microroute.SplitURL("http://shop.example/teas/gr%C3%BCner%20tee?for=two#top"))
	// Output:
	// ["teas" "grüner tee"]
}

func ExampleParseURL() {
	fmt.Println(microroute.ParseURL("teas//black/../../../etc/"))
	// Output:
	// /etc
}

func ExampleEscapeChars() {
	fmt.Println(microroute.EscapeChars("Milk &amp; sugar &lt; tea"))
	// Output:
	// Milk & sugar < tea
}
