# SPDX-License-Identifier: GPL-3.0-or-later
#
# awk -f bounds.awk keys.tsv episodes.tsv idle.tsv: what was measured beside what it should be. The
# first four links are the paper's, of which the fourth has predictions off.

BEGIN {
    FS = OFS = "\t"
    split("evdo lte ocean lossy", paper, " ")
    split("evdo lte ocean good wifi narrow satellite", predicting, " ")
    split("evdo ocean good narrow satellite", lossless, " ")
    split("median mean p90 p99", statistic, " ")
    rtt = 100 # of the links of the episodes, and of the lossy one
    print "measure", "where", "should be", "ours", "stock", "kept"
}
FNR == 1 {
    file++
    for (i = 1; i <= NF; i++)
        title[i] = $i
    next
}
file == 1 { for (i = 3; i <= NF; i++) value[$1, $2, title[i]] = $i }
file == 2 { for (i = 3; i <= NF; i++) value[$1, $2, title[i]] = $i }
file == 3 { for (i = 2; i <= NF; i++) value["idle", $1, title[i]] = $i }

function number(text) { return text == "inf" ? 1e9 : text + 0 }
function have(where, who) { return (where, who, "median") in value }
function row(measure, where, should, ours, stock, kept) {
    print measure, where, should, ours, stock, kept ? "yes" : "NO"
}
function at_most_stock(measure, where,    ours, stock) {
    ours = value[where, "ours-ours", measure]; stock = value[where, "stock-stock", measure]
    row(measure, where, "<= stock", ours, stock, number(ours) <= number(stock))
}
function both(where) { return have(where, "ours-ours") && have(where, "stock-stock") }

# The worst statistic of a pair of one of ours and one of stock's.
function mixed(where, who,    s, ratio, worst, name) {
    for (s = 1; s in statistic; s++) {
        # Below a millisecond there is nothing to be compared.
        ratio = (number(value[where, who, statistic[s]]) + 1) / (number(value[where, "stock-stock", statistic[s]]) + 1)
        if (ratio > worst) { worst = ratio; name = statistic[s] }
    }
    row(who ": worst of median, mean, p90, p99", where, "<= 105 % of stock",
        sprintf("%.0f %% (%s)", 100 * worst, name), "", worst <= 1.05)
}

END {
    for (l = 1; l in paper; l++)
        for (s = 1; s in statistic && both(paper[l]); s++)
            at_most_stock(statistic[s], paper[l])
    for (l = 1; l in predicting; l++) {
        where = predicting[l]
        if (!both(where)) continue
        ours = value[where, "ours-ours", "<=5ms%"]; stock = value[where, "stock-stock", "<=5ms%"]
        row("shown within 5 ms, %", where, ">= 85" (stock < 85 ? ", >= stock + 10" : ""), ours, stock,
            ours >= 85 && (stock >= 85 || ours >= stock + 10))
        ours = value[where, "ours-ours", "wrong%"]; stock = value[where, "stock-stock", "wrong%"]
        row("taken back, %", where, "<= 0.5, <= stock", ours, stock, ours <= 0.5 && ours <= stock)
        ours = value[where, "ours-ours", "beside%"]; stock = value[where, "stock-stock", "beside%"]
        row("damage beside, %", where, "<= 1", ours, stock, ours <= 1)
    }
    if (both("lossy")) {
        ours = value["lossy", "ours-ours", "mean"] - rtt; stock = value["lossy", "stock-stock", "mean"] - rtt
        row("mean above the RTT", "lossy", "<= 40 % of stock", ours, stock, ours <= 0.4 * stock)
        ours = value["lossy", "ours-ours", "p99"]; stock = value["lossy", "stock-stock", "p99"]
        row("p99", "lossy", "<= 60 % of stock", ours, stock, number(ours) <= 0.6 * number(stock))
    }
    for (l = 1; l in paper; l++) {
        if (have(paper[l], "ours-stock") && have(paper[l], "stock-stock")) mixed(paper[l], "ours-stock")
        if (have(paper[l], "stock-ours") && have(paper[l], "stock-stock")) mixed(paper[l], "stock-ours")
    }
    if (both("good") && have("good", "ssh")) {
        ours = value["good", "ours-ours", "median"]; ssh = value["good", "ssh", "median"]
        row("median", "good", "<= ssh (" ssh ") + 1", ours, value["good", "stock-stock", "median"], ours <= ssh + 1)
    }
    if (both("flood"))
        row("Ctrl-C to prompt, median", "flood", "<= 2 RTT + 100 = " 2 * rtt + 100, value["flood", "ours-ours", "median"],
            value["flood", "stock-stock", "median"], number(value["flood", "ours-ours", "median"]) <= 2 * rtt + 100)
    split("roam wake", absence, " ")
    for (l = 1; l in absence; l++)
        if (both(absence[l]))
            row("current screen, median", absence[l], "<= RTT + 50 = " rtt + 50, value[absence[l], "ours-ours", "median"],
                value[absence[l], "stock-stock", "median"],
                number(value[absence[l], "ours-ours", "median"]) <= rtt + 50)
    split("dgrams-up dgrams-down wakeups-client wakeups-server", idle, " ")
    for (i = 1; i in idle && ("idle", "ours-ours", idle[i]) in value; i++) {
        ours = value["idle", "ours-ours", idle[i]]; stock = value["idle", "stock-stock", idle[i]]
        row(idle[i] " in 30 s", "idle", i <= 2 ? "<= stock" : "<= 20", ours, stock, ours <= (i <= 2 ? stock : 20))
    }
    split("dgrams-up bytes-up dgrams-down bytes-down", traffic, " ")
    for (l = 1; l in lossless; l++)
        for (i = 1; i in traffic && both(lossless[l]); i++)
            at_most_stock(traffic[i], lossless[l])
}
